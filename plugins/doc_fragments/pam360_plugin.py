# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation shared by the PAM360 plugins that run on the controller."""

from __future__ import annotations


class ModuleDocFragment:
    """Connection options: those of the modules, also by variable and ini file."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of the server, such as V(https://pam360.example.com:8282). A path of the API, such as
        C(/restapi/json/v1), at its end is cut off.
      - Plain V(http://) works, and warns.
    type: str
    required: true
    vars: [{name: pam360_url}]
    env: [{name: PAM360_URL}]
    ini: [{section: pam360, key: url}]
  token:
    description:
      - Authentication token of an API user. It is sent in the C(AUTHTOKEN) header, and never in a URL.
      - Exactly one of O(token) and O(token_file) is needed. If they come from different places, an option beats a
        variable of a play, and that beats an environment variable.
    type: str
    vars: [{name: pam360_token}]
    env: [{name: PAM360_TOKEN}]
    ini: [{section: pam360, key: token}]
  token_file:
    description:
      - File on the controller that holds the token. Blanks, line breaks and a
        byte-order mark around it do not count.
      - A file that every user of its host can read warns. One that is encrypted by Ansible Vault is refused.
    type: path
    vars: [{name: pam360_token_file}]
    env: [{name: PAM360_TOKEN_FILE}]
    ini: [{section: pam360, key: token_file}]
  org_name:
    description:
      - Display name of the organization, for the MSP edition. If not set, the organization of the user.
    type: str
    vars: [{name: pam360_org_name}]
    env: [{name: PAM360_ORG_NAME}]
    ini: [{section: pam360, key: org_name}]
  validate_certs:
    description:
      - Whether to check the TLS certificate of the server, V(true) or V(false), which warns.
      - What is not a boolean is an error. Ansible's type for plugin options would take a misspelt V(true) for V(false).
    type: raw
    default: true
    vars: [{name: pam360_validate_certs}]
    env: [{name: PAM360_VALIDATE_CERTS}]
    ini: [{section: pam360, key: validate_certs}]
  ca_path:
    description:
      - File, or folder made by C(c_rehash), with the certificates of the CAs to trust.
      - If not set, the environment variables E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used in this order, or
        else the list of CAs that comes with C(requests).
    type: path
    vars: [{name: pam360_ca_path}]
    env: [{name: PAM360_CA_PATH}]
    ini: [{section: pam360, key: ca_path}]
  client_cert:
    description:
      - Client certificate in PEM format. The file may hold the key as well.
    type: path
    vars: [{name: pam360_client_cert}]
    env: [{name: PAM360_CLIENT_CERT}]
    ini: [{section: pam360, key: client_cert}]
  client_key:
    description:
      - Private key of O(client_cert), without a pass phrase.
    type: path
    vars: [{name: pam360_client_key}]
    env: [{name: PAM360_CLIENT_KEY}]
    ini: [{section: pam360, key: client_key}]
  proxy:
    description:
      - Address of an HTTP proxy, such as V(http://proxy.example.com:3128). An empty text means none.
      - If not set, the usual proxy variables are used.
    type: str
    vars: [{name: pam360_proxy}]
    env: [{name: PAM360_PROXY}]
    ini: [{section: pam360, key: proxy}]
  timeout:
    description:
      - Seconds to wait for a connection, and for each read of an answer. A whole answer may take ten times as long.
    type: int
    default: 30
    vars: [{name: pam360_timeout}]
    env: [{name: PAM360_TIMEOUT}]
    ini: [{section: pam360, key: timeout}]
  retries:
    description:
      - How often a read is tried again after a connection error, a time-out, or HTTP 429, 502, 503 or 504.
        C(Retry-After) is obeyed up to 60 seconds. Each retry is a warning.
    type: int
    default: 3
    vars: [{name: pam360_retries}]
    env: [{name: PAM360_RETRIES}]
    ini: [{section: pam360, key: retries}]
  server_profile:
    description:
      - File on the controller that M(vaultops.pam.pam360_doctor) has written, with what it found out about this server.
    type: path
    vars: [{name: pam360_server_profile}]
    env: [{name: PAM360_SERVER_PROFILE}]
    ini: [{section: pam360, key: server_profile}]
notes:
  - Values of variables may be templates, as anywhere else. An environment variable that is empty counts as not set.
requirements:
  - requests >= 2.25.1 on the controller
seealso:
  - name: PAM360 REST API
    description: The vendor's reference.
    link: https://www.manageengine.com/privileged-access-management/help/api/restapi.html
"""
