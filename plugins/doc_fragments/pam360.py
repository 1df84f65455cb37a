# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation shared by the PAM360 modules."""

from __future__ import annotations


class ModuleDocFragment:
    """Connection options."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of the server, such as V(https://pam360.example.com:8282). A path of the API, such as
        C(/restapi/json/v1), at its end is cut off.
      - Plain V(http://) works, and warns.
      - If not set, the environment variable E(PAM360_URL) is used.
    type: str
    required: true
  token:
    description:
      - Authentication token of an API user. It is sent in the C(AUTHTOKEN) header, and never in a URL.
      - Exactly one of O(token) and O(token_file) is needed.
      - If neither is set, the environment variable E(PAM360_TOKEN) is used.
    type: str
  token_file:
    description:
      - File that holds the token. Blanks, line breaks and a
        byte-order mark around it do not count.
      - A file that every user of its host can read warns. One that is encrypted by Ansible Vault is refused.
      - The file is read where the module runs, which is the controller when the task is delegated to localhost.
      - If neither this nor O(token) is set, the environment variable E(PAM360_TOKEN_FILE) is used.
    type: path
  org_name:
    description:
      - Display name of the organization, for the MSP edition.
      - If not set, the environment variable E(PAM360_ORG_NAME) is used, or else the organization of the user.
    type: str
  validate_certs:
    description:
      - Whether to check the TLS certificate of the server. V(false) warns.
      - If not set, the environment variable E(PAM360_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File, or folder made by C(c_rehash), with the certificates of the CAs to trust.
      - If not set, the environment variables E(PAM360_CA_PATH), E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE)
        are used in this order, or else the list of CAs that comes with C(requests).
    type: path
  client_cert:
    description:
      - Client certificate in PEM format. The file may hold the key as well.
      - If not set, the environment variable E(PAM360_CLIENT_CERT) is used.
    type: path
  client_key:
    description:
      - Private key of O(client_cert), without a pass phrase.
      - If not set, the environment variable E(PAM360_CLIENT_KEY) is used.
    type: path
  proxy:
    description:
      - Address of an HTTP proxy, such as V(http://proxy.example.com:3128). An empty text means none.
      - If not set, the environment variable E(PAM360_PROXY) is used, or else the usual proxy variables.
    type: str
  timeout:
    description:
      - Seconds to wait for a connection, and for each read of an answer. A whole answer may take ten times as long.
      - If not set, the environment variable E(PAM360_TIMEOUT) is used.
    type: int
    default: 30
  retries:
    description:
      - How often a read is tried again after a connection error, a time-out, or HTTP 429, 502, 503 or 504.
        C(Retry-After) is obeyed up to 60 seconds. Each retry is a warning.
      - A write is never sent twice.
      - If not set, the environment variable E(PAM360_RETRIES) is used.
    type: int
    default: 3
  server_profile:
    description:
      - File that M(vaultops.pam.pam360_doctor) has written, with what it found out about this server. What it saw for
        certain is then followed where builds differ. Without it, the module does what is right on all of them.
      - The file is read where the module runs, which is the controller when the task is delegated to localhost.
      - If not set, the environment variable E(PAM360_SERVER_PROFILE) is used.
    type: path
requirements:
  - requests >= 2.25.1 where the module runs
seealso:
  - name: PAM360 REST API
    description: The vendor's reference.
    link: https://www.manageengine.com/privileged-access-management/help/api/restapi.html
"""
