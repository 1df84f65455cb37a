# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation shared by the CyberArk modules."""

from __future__ import annotations


class ModuleDocFragment:
    """Connection options."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of the web server of PVWA, such as V(https://pvwa.example.com). What follows from C(/PasswordVault) on
        does not matter, so the address in a browser works as well.
      - Another path, such as in V(https://pvwa.example.com/Vault), is the directory of the web application.
      - Plain V(http://) works, and warns.
      - If not set, the environment variable E(CYBERARK_URL) is used.
    type: str
    required: true
  username:
    description:
      - Name of the user who logs on for the task. The task logs off at its end, after a failure as well.
      - Either O(username) and O(password), or O(token).
      - If neither this nor O(token) is set, the environment variable E(CYBERARK_USERNAME) is used.
    type: str
  password:
    description:
      - Password of O(username). For RADIUS it may be the password and a passcode with a comma in between.
      - If neither this nor O(token) is set, the environment variable E(CYBERARK_PASSWORD) is used.
    type: str
  token:
    description:
      - Token of a session. No one logs on or off then, and a session that has ended is not renewed.
      - It is sent in the C(Authorization) header as it is. Privilege Cloud wants V(Bearer) and a blank before it.
      - Behind a load balancer a token may count on the node that gave it only, so there a name and a password are
        better.
      - If none of O(token), O(username) and O(password) is set, the environment variable E(CYBERARK_TOKEN) is used.
    type: str
  auth_method:
    description:
      - How O(username) is authenticated.
      - With V(oauth2) a bearer token is got from O(identity_url), as Privilege Cloud on shared services wants it.
        O(username) and O(password) are those of a service user of Identity that is an OAuth confidential client. The
        token is renewed before it ends, and once when the server does not take it any more. No one logs off.
      - A log-on is tried again as a read is, but never with V(radius), where a passcode counts once.
      - If not set, the environment variable E(CYBERARK_AUTH_METHOD) is used.
    type: str
    choices: [cyberark, ldap, radius, windows, oauth2]
    default: cyberark
  identity_url:
    description:
      - Address of the Identity tenant, such as V(https://abc1234.id.cyberark.cloud), for O(auth_method=oauth2). It is
        not that of the vault, V(https://SUBDOMAIN.privilegecloud.cyberark.cloud).
      - If not set, the environment variable E(CYBERARK_IDENTITY_URL) is used.
    type: str
  concurrent_session:
    description:
      - Whether other sessions of the same user go on. With V(false) a log-on ends them.
      - If not set, the environment variable E(CYBERARK_CONCURRENT_SESSION) is used.
    type: bool
    default: true
  validate_certs:
    description:
      - Whether to check the TLS certificate of the server. V(false) warns.
      - If not set, the environment variable E(CYBERARK_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File, or folder made by C(c_rehash), with the certificates of the CAs to trust.
      - If not set, the environment variables E(CYBERARK_CA_PATH), E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE)
        are used in this order, or else the list of CAs that comes with C(requests).
    type: path
  client_cert:
    description:
      - Client certificate in PEM format. The file may hold the key as well.
      - If not set, the environment variable E(CYBERARK_CLIENT_CERT) is used.
    type: path
  client_key:
    description:
      - Private key of O(client_cert), without a pass phrase.
      - If not set, the environment variable E(CYBERARK_CLIENT_KEY) is used.
    type: path
  proxy:
    description:
      - Address of an HTTP proxy, such as V(http://proxy.example.com:3128). An empty text means none.
      - If not set, the environment variable E(CYBERARK_PROXY) is used, or else the usual proxy variables.
    type: str
  timeout:
    description:
      - Seconds to wait for a connection, and for each read of an answer. A whole answer may take ten times as long.
      - If not set, the environment variable E(CYBERARK_TIMEOUT) is used.
    type: int
    default: 30
  retries:
    description:
      - How often a read is tried again after a connection error, a time-out, or HTTP 429, 502, 503 or 504.
        C(Retry-After) is obeyed up to 60 seconds. Each retry is a warning.
      - A write is never sent twice.
      - If not set, the environment variable E(CYBERARK_RETRIES) is used.
    type: int
    default: 3
requirements:
  - requests >= 2.25.1 where the module runs
seealso:
  - name: CyberArk REST APIs
    description: The vendor's reference.
    link: https://docs.cyberark.com/pam-self-hosted/latest/en/content/webservices/implementing%20privileged%20account%20security%20web%20services%20.htm
"""

    ACCOUNT = r"""
options:
  account_id:
    description:
      - ID of the account, such as V("29_3"), in quotes, as YAML takes V(29_3) for the number 293.
      - Either this, or O(safe) with O(name), or O(safe) with O(user_name) and O(address). The first of these counts.
    type: str
  safe:
    description: Name of the safe. Required without O(account_id).
    type: str
  name:
    description: Name of the account, unique in its safe.
    type: str
  user_name:
    description: Name of the user on the target.
    type: str
  address:
    description: Name or address of the target, an empty text for an account that has none.
    type: str
  platform_id:
    description: ID of the platform, which chooses between several accounts of one user on one target.
    type: str
"""
