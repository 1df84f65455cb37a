# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation shared by the CyberArk plugins that run on the controller."""

from __future__ import annotations


class ModuleDocFragment:
    """Connection options: those of the modules, also by variable and ini file."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of the web server of PVWA, such as V(https://pvwa.example.com). What follows from C(/PasswordVault) on
        does not matter. Another path is the directory of the web application.
      - Plain V(http://) works, and warns.
    type: str
    required: true
    vars: [{name: cyberark_url}]
    env: [{name: CYBERARK_URL}]
    ini: [{section: cyberark, key: url}]
  username:
    description:
      - Name of the user who logs on. Each evaluation that reads a secret logs on, and off at its end.
      - Either O(username) and O(password), or O(token). If both are given in different places, an option beats a
        variable of a play, and that beats an environment variable.
    type: str
    vars: [{name: cyberark_username}]
    env: [{name: CYBERARK_USERNAME}]
    ini: [{section: cyberark, key: username}]
  password:
    description:
      - Password of O(username). For RADIUS it may be the password and a passcode with a comma in between.
    type: str
    vars: [{name: cyberark_password}]
    env: [{name: CYBERARK_PASSWORD}]
    ini: [{section: cyberark, key: password}]
  token:
    description:
      - Token of a session. No one logs on or off then. Privilege Cloud wants V(Bearer) and a blank before it.
    type: str
    vars: [{name: cyberark_token}]
    env: [{name: CYBERARK_TOKEN}]
    ini: [{section: cyberark, key: token}]
  auth_method:
    description:
      - How O(username) is authenticated.
      - With V(oauth2) a bearer token is got from O(identity_url), as Privilege Cloud on shared services wants it.
    type: str
    choices: [cyberark, ldap, radius, windows, oauth2]
    default: cyberark
    vars: [{name: cyberark_auth_method}]
    env: [{name: CYBERARK_AUTH_METHOD}]
    ini: [{section: cyberark, key: auth_method}]
  identity_url:
    description:
      - Address of the Identity tenant, such as V(https://abc1234.id.cyberark.cloud), for O(auth_method=oauth2).
    type: str
    vars: [{name: cyberark_identity_url}]
    env: [{name: CYBERARK_IDENTITY_URL}]
    ini: [{section: cyberark, key: identity_url}]
  concurrent_session:
    description:
      - Whether other sessions of the same user go on. With V(false) a log-on ends them.
      - What is not a boolean is an error. Ansible's type for plugin options would take a misspelt V(true) for V(false).
    type: raw
    default: true
    vars: [{name: cyberark_concurrent_session}]
    env: [{name: CYBERARK_CONCURRENT_SESSION}]
    ini: [{section: cyberark, key: concurrent_session}]
  validate_certs:
    description:
      - Whether to check the TLS certificate of the server, V(true) or V(false), which warns.
      - What is not a boolean is an error. Ansible's type for plugin options would take a misspelt V(true) for V(false).
    type: raw
    default: true
    vars: [{name: cyberark_validate_certs}]
    env: [{name: CYBERARK_VALIDATE_CERTS}]
    ini: [{section: cyberark, key: validate_certs}]
  ca_path:
    description:
      - File, or folder made by C(c_rehash), with the certificates of the CAs to trust.
      - If not set, the environment variables E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used in this order, or
        else the list of CAs that comes with C(requests).
    type: path
    vars: [{name: cyberark_ca_path}]
    env: [{name: CYBERARK_CA_PATH}]
    ini: [{section: cyberark, key: ca_path}]
  client_cert:
    description:
      - Client certificate in PEM format. The file may hold the key as well.
    type: path
    vars: [{name: cyberark_client_cert}]
    env: [{name: CYBERARK_CLIENT_CERT}]
    ini: [{section: cyberark, key: client_cert}]
  client_key:
    description:
      - Private key of O(client_cert), without a pass phrase.
    type: path
    vars: [{name: cyberark_client_key}]
    env: [{name: CYBERARK_CLIENT_KEY}]
    ini: [{section: cyberark, key: client_key}]
  proxy:
    description:
      - Address of an HTTP proxy, such as V(http://proxy.example.com:3128). An empty text means none.
      - If not set, the usual proxy variables are used.
    type: str
    vars: [{name: cyberark_proxy}]
    env: [{name: CYBERARK_PROXY}]
    ini: [{section: cyberark, key: proxy}]
  timeout:
    description:
      - Seconds to wait for a connection, and for each read of an answer. A whole answer may take ten times as long.
    type: int
    default: 30
    vars: [{name: cyberark_timeout}]
    env: [{name: CYBERARK_TIMEOUT}]
    ini: [{section: cyberark, key: timeout}]
  retries:
    description:
      - How often a read is tried again after a connection error, a time-out, or HTTP 429, 502, 503 or 504.
        C(Retry-After) is obeyed up to 60 seconds. Each retry is a warning.
    type: int
    default: 3
    vars: [{name: cyberark_retries}]
    env: [{name: CYBERARK_RETRIES}]
    ini: [{section: cyberark, key: retries}]
notes:
  - Values of variables may be templates, as anywhere else. An environment variable that is empty counts as not set.
requirements:
  - requests >= 2.25.1 on the controller
seealso:
  - name: CyberArk REST APIs
    description: The vendor's reference.
    link: https://docs.cyberark.com/pam-self-hosted/latest/en/content/webservices/implementing%20privileged%20account%20security%20web%20services%20.htm
"""
