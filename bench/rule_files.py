"""Rule files of any size, written as people write them, no expression and no summary twice."""

from __future__ import annotations

from pathlib import Path

RULES_OF_GROUP = 100
LINES_OF_RULE = 8
TEAMS = 20


def write_rules(path: Path, rules: int) -> None:
    """Write a file of `rules` alerting rules in groups of `RULES_OF_GROUP`."""
    with path.open("w", encoding="utf-8") as file:
        file.write("groups:\n")
        for index in range(rules):
            group, place = divmod(index, RULES_OF_GROUP)
            if place == 0:
                file.write(f"- name: g{group}\n  rules:\n")
            job = f"api-{group}-{place}"
            file.write(
                f"  - alert: Alert{group}_{place}\n"
                f"    expr: sum by (job, instance) "
                f'(rate(http_requests_total{{job="{job}", code=~"5.."}}[5m])) > {place}\n'
                "    for: 5m\n"
                "    labels:\n"
                "      severity: critical\n"
                f"      team: team-{place % TEAMS}\n"
                "    annotations:\n"
                f'      summary: "High rate of {job} on {{{{ $labels.instance }}}}"\n'
            )


def write_routes(path: Path) -> None:
    """Write an ``alertmanager.yml`` with a route for each team of `write_rules`."""
    routes = [
        f"  - {{matchers: ['team=\"team-{team}\"'], receiver: team-{team}}}\n"
        for team in range(TEAMS)
    ]
    names = ["rest", *(f"team-{team}" for team in range(TEAMS))]
    receivers = [
        f"- {{name: {name}, webhook_configs: [{{url: 'http://127.0.0.1/{name}'}}]}}\n"
        for name in names
    ]
    path.write_text(
        f"route:\n  receiver: rest\n  routes:\n{''.join(routes)}receivers:\n{''.join(receivers)}",
        encoding="utf-8",
    )
