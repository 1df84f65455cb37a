# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every setting with its wire name and JSON value, and texts that break careless clients."""

from __future__ import annotations

from typing import Any

# option, value in the task, wire name, value on the wire (accountapi-1 and accountapi-4)
BOTH: tuple[tuple[str, Any, str, Any], ...] = (
    ("password_policy", "Medium", "ACCOUNTPASSWORDPOLICY", "Medium"),
    ("password_policy_id", 101, "ACCOUNTPASSWORDPOLICYID", 101),
    ("notes", "IT Security - BES PAM API Test", "NOTES", "IT Security - BES PAM API Test"),
    (
        "custom_fields",
        {"Secure Account": "YES"},
        "ACCOUNTCUSTOMFIELD",
        [{"CUSTOMLABEL": "Secure Account", "CUSTOMVALUE": "YES"}],
    ),
    ("resource_group_ids", [3002, "3003"], "ACCOUNT_RESOURCE_GROUP_IDS", ["3002", "3003"]),
    ("record_rdp_sessions", True, "RECORD_RDP_SESSIONS", True),
    ("record_cli_sessions", "yes", "RECORD_CLI_SESSIONS", True),
    ("website_session_recording", True, "WEBSITE_SESSION_RECORDING", True),
    ("gateway_session_recording", False, "GATEWAY_SESSION_RECORDING", False),
    ("disable_password_resets", "no", "DISABLE_PASSWORD_RESETS", False),
    ("configure_password_reset", True, "CONFIGURE_PASSWORD_RESET", True),
    ("iis_web_config_reset", True, "IIS_WEB_CONFIG_RESET", True),
    ("iis_app_pool_restart", True, "IIS_APP_POOL_RESTART", True),
    ("iis_app_pool_reset", True, "IIS_APP_POOL_RESET", True),
    ("services_restart", True, "SERVICES_RESTART", True),
    ("services_reset", False, "SERVICES_RESET", False),
    ("scheduled_task_reset", True, "SCHEDULED_TASK_RESET", True),
    ("command_set", "1000", "COMMAND_SET", 1000),
    ("totp_secret", "829 198", "TOTP_SECRET", "829 198"),
    ("totp_algorithm", "SHA256", "TOTP_ALGORITHM", "SHA256"),
    ("totp_digits", 6, "TOTP_DIGITS", "6"),
    ("totp_validity", "30", "TOTP_VALIDITY", "30"),
    ("sap_user_type", "A", "SAP_USER_TYPE", "A"),
)
EDIT_ONLY: tuple[tuple[str, Any, str, Any], ...] = (
    ("owner", "admin", "OWNERNAME", "admin"),
    ("domain_name", "domain", "DOMAINNAME", "domain"),
    ("description", "Windows account", "DESCRIPTION", "Windows account"),
)
PASSWORD = ("password", "Pa$$ Word@124 ", "PASSWORD", "Pa$$ Word@124 ")
RESOURCE: tuple[tuple[str, Any, str, Any], ...] = (
    ("type", "Windows", "RESOURCETYPE", "Windows"),
    ("dns_name", "db.example.com", "DNSNAME", "db.example.com"),
    ("description", "d", "RESOURCEDESCRIPTION", "d"),
    ("department", "HR", "DEPARTMENT", "HR"),
    ("location", "Room 1", "LOCATION", "Room 1"),
    ("domain_name", "EXAMPLE", "DOMAINNAME", "EXAMPLE"),
    ("resource_url", "https://db:1/?a=b", "RESOURCEURL", "https://db:1/?a=b"),
    ("password_policy", "Medium", "RESOURCEPASSWORDPOLICY", "Medium"),
    ("owner", "jdoe", "OWNERNAME", "jdoe"),
    (
        "custom_fields",
        {"Data Centre": "B"},
        "RESOURCECUSTOMFIELD",
        [{"CUSTOMLABEL": "Data Centre", "CUSTOMVALUE": "B"}],
    ),
)
NASTY: dict[str, str] = {
    "double quote": 'say "hi"',
    "single quote": "it's",
    "backslash": "C:\\new\\table\\u0041",
    "ampersand": "a&b=c&INPUT_DATA=x",
    "percent": "100% %41 %2B %",
    "plus": "a+b + c",
    "equals": "==a=b==",
    "hash": "#1 #",
    "question": "why?a=b",
    "semicolon": "a;b;",
    "slash": "a/b//c/",
    "dots": "..",
    "dot path": "../../etc/passwd",
    "one dot": ".",
    "blanks around": "  both ends  ",
    "tab": "\tindent\ttab",
    "lines": "one\ntwo\r\nthree\n",
    "umlauts": "Größe äöü ÄÖÜ ß",
    "emoji": "\U0001f511 key \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "right to left": "\u202eabc\u202c \u05e9\u05dc\u05d5\u05dd",
    "combining": "e\u0301 is not \u00e9",
    "line separator": "a\u2028b\u2029c",
    "no-break space": "\u00a0a\u00a0b",
    "template": "{{ lookup('env', 'HOME') }} {% raw %}",
    "null": "null",
    "true": "true",
    "leading zero": "0123",
    "exponent": "1e3",
    "script": "<script>alert(1)</script>",
    "html": "&lt;b&gt; &amp; &#39;",
    "json": '{"operation": {"Details": []}}',
    "braces": "}]{[",
    "n/a in words": "n/a",
    "control": "bell\u0007 esc\u001b[31m",
    "replacement": "\ufffd\ufeff",
    "surrogate pair": "\U00010437",
    "long": "0123456789abcdef" * 256,
    "long and mixed": 'ä"\\&%\n' * 683,
}
