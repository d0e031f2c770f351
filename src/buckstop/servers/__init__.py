"""Real Prometheus and Alertmanager as child processes: find, start, await, reload, stop."""

from buckstop.servers.alertmanager import Alertmanager
from buckstop.servers.amtool import Amtool, find_amtool
from buckstop.servers.awaiting import await_until
from buckstop.servers.discovery import Versions, find
from buckstop.servers.failures import NotInTime, ServerFailed, ServerRefused, ServersMissing
from buckstop.servers.installation import Installation
from buckstop.servers.listener import Listener, free_port
from buckstop.servers.process import Child
from buckstop.servers.prometheus import Prometheus
from buckstop.servers.tools import (
    ToolResult,
    check_config,
    check_prometheus_config,
    check_rules,
    route_test,
    test_rules,
)

__all__ = [
    "Alertmanager",
    "Amtool",
    "Child",
    "Installation",
    "Listener",
    "NotInTime",
    "Prometheus",
    "ServerFailed",
    "ServerRefused",
    "ServersMissing",
    "ToolResult",
    "Versions",
    "await_until",
    "check_config",
    "check_prometheus_config",
    "check_rules",
    "find",
    "find_amtool",
    "free_port",
    "route_test",
    "test_rules",
]
