"""An `alertmanager.yml` and rules as users have them: what a charter is read off in the tests."""

from __future__ import annotations

ROUTES = """
global:
  slack_api_url: https://hooks.slack.com/services/T0/B0/HELD
  smtp_smarthost: mail.acme.example:25
  smtp_from: alerts@acme.example
route:
  receiver: ops-chat
  routes:
    - matchers: ['team="db core"']
      receiver: db-chat
      routes:
        - matchers: ['severity=~"critical|page"']
          receiver: db-pager
    - matchers: ['team="web"']
      receiver: web-hooks
    - matchers: ['team="vendor"']
      receiver: vendor
    - matchers: ['severity="page"']
      receiver: night-desk
receivers:
  - name: ops-chat
    slack_configs: [{channel: "#ops", api_url_file: /etc/am/slack}]
  - name: db-chat
    slack_configs: [{channel: "#db"}]
  - name: db-pager
    pagerduty_configs: [{routing_key: 0123456789abcdef, url: "https://events.eu.example/v2"}]
  - name: web-hooks
    webhook_configs: [{url: "http://pager.internal/web"}, {url: "https://u:pw@hook.example/x"}]
    email_configs: [{to: web@acme.example}]
  - name: vendor
    opsgenie_configs: [{api_key: HELD}]
  - name: night-desk
    pagerduty_configs: [{routing_key_file: /etc/am/night}]
"""
RULES = """
groups:
  - name: a
    rules:
      - {alert: DbDown, expr: 'up{job="db"} == 0', labels: {team: db core, severity: critical}}
      - {alert: DbSlow, expr: 'db_latency > 1', labels: {team: db core, severity: warning}}
      - {alert: WebSlow, expr: 'web_latency > 1', labels: {team: web, severity: warning}}
      - {alert: Typo, expr: 'x > 1', labels: {team: Web, severity: warning}}
      - {alert: Orphan, expr: 'x > 2', labels: {team: search, severity: warning}}
      - {alert: DiskFull, expr: 'x > 3', labels: {severity: warning}}
      - {alert: NightOnly, expr: 'x > 4', labels: {severity: page}}
      - {alert: AnyGrave, expr: 'x > 5'}
      - {alert: Watchdog, expr: 'vector(1)', labels: {severity: none}}
"""
