"""What can be wrong with rules and routes that load, judged by who answers and who is told."""

from __future__ import annotations

from buckstop.diagnostics import Code, Level

TEMPLATE_CANNOT_EXECUTE = Code(
    "template-cannot-execute",
    Level.ERROR,
    "A receiver's template fails at every notification",
    "Alertmanager executes it only when it notifies, and does not retry: the page is never "
    "delivered, nothing falls back to another receiver, and only a log line shows it.",
)
TEMPLATE_CAN_FAIL = Code(
    "template-can-fail",
    Level.WARNING,
    "A receiver's template fails for some notifications",
    "The notification for which it fails is never delivered, and only a log line shows it. Whoever "
    "tried the template with other alerts saw nothing of that.",
)
TEMPLATE_FILE_INVALID = Code(
    "template-file-invalid",
    Level.ERROR,
    "A template file cannot be parsed",
    "Alertmanager refuses the whole configuration. At start nobody is told of anything; at a "
    "reload the old routes stay.",
)
RECEIVER_WITHOUT_INTEGRATIONS = Code(
    "receiver-without-integrations",
    Level.WARNING,
    "A receiver tells nobody",
    "Alertmanager accepts it and drops every alert that is routed to it.",
)
RECEIVER_UNREACHED = Code(
    "receiver-unreached",
    Level.WARNING,
    "No route leads to a receiver",
    "Whoever set it up believes that they are told.",
)
MATCHERS_DEPRECATED = Code(
    "matchers-deprecated",
    Level.WARNING,
    "A route uses `match` or `match_re`",
    "Alertmanager deprecated them in 0.22 and loads them without a warning; when they go, the "
    "file stops loading and nobody is told of anything.",
)
CONTINUE_WITHOUT_EFFECT = Code(
    "continue-without-effect",
    Level.WARNING,
    "`continue: true` where nothing follows",
    "It reads as if more routes were tried; whoever was meant to be told as well is not.",
)
CONTINUE_FALSE_IS_DEFAULT = Code(
    "continue-false-is-default",
    Level.INFO,
    "`continue: false` says what holds anyway",
    "It does not make a notification go out sooner; how long a page waits is `group_wait`.",
)
OBSERVER_HIDES_DEFAULT = Code(
    "observer-hides-default",
    Level.ERROR,
    "An observing route makes its parent's receiver unreachable",
    "A child that matched suppresses its parent: what no other route recognises reaches the "
    "observer alone, and nobody is paged.",
)
CATCH_ALL_WITHOUT_TEAM = Code(
    "catch-all-without-team",
    Level.WARNING,
    "No team answers for what no route recognises",
    "A typo in a team label, or a rule without one, ends there without a word, and nobody is "
    "accountable for it.",
)
RULE_WITHOUT_TEAM = Code(
    "rule-without-team",
    Level.ERROR,
    "A rule names no team",
    "When it fires, nobody is accountable: somebody may be told, nobody owns it.",
)
TEAM_WITHOUT_ROUTE = Code(
    "team-without-route",
    Level.ERROR,
    "A rule names a team that no route knows",
    "The alert falls to the catch-all; the team that was meant never hears of it.",
)
TEAM_ROUTED_ELSEWHERE = Code(
    "team-routed-elsewhere",
    Level.ERROR,
    "A rule names one team and reaches another's receiver",
    "The label says who is accountable, and somebody else is paged.",
)
SEVERAL_TEAMS_ANSWER = Code(
    "several-teams-answer",
    Level.ERROR,
    "One alert reaches the receivers of several teams",
    "Where two teams are accountable, each may wait for the other.",
)
SEVERITY_NOT_ROUTED = Code(
    "severity-not-routed",
    Level.WARNING,
    "Rules differ in severity, and no route looks at it",
    "A critical alert is told exactly as a minor one is: same receiver, same wait.",
)
MODELS_SHARE_GROUP = Code(
    "models-share-group",
    Level.WARNING,
    "Alerts of different models fall into one group",
    "The second model's alert waits behind the first one's notification, and one acknowledgement "
    "hides both.",
)
SLI_WITHOUT_RULE = Code(
    "sli-without-rule",
    Level.INFO,
    "A kind of model fault that no rule watches",
    "Whoever is accountable for it is never told that it happened.",
)
QUANTILE_PER_SERIES = Code(
    "quantile-per-series",
    Level.WARNING,
    "A quantile is taken of each series on its own",
    "Each pod pages by itself, on as little as one slow request, and a model that serves nothing "
    "is silent.",
)
QUANTILE_BEYOND_BUCKETS = Code(
    "quantile-beyond-buckets",
    Level.ERROR,
    "A threshold that no quantile of the histogram can exceed",
    "The alert can never fire: however bad it gets, nobody is told, and everything looks healthy.",
)
TEAMS_FILE_RECEIVER_UNKNOWN = Code(
    "teams-file-receiver-unknown",
    Level.ERROR,
    "A teams file names a receiver that does not exist",
    "What it says holds for nobody, and the receiver that was meant is judged by the routes alone.",
)
RECEIVER_TOLD_TWICE = Code(
    "receiver-told-twice",
    Level.WARNING,
    "One alert reaches the same receiver by two routes",
    "Each route keeps its own group, so the team is paged twice for one incident; who acknowledges "
    "one page still has the other.",
)
INHIBITED_BY_OTHERS = Code(
    "inhibited-by-others",
    Level.WARNING,
    "An alert that another team's alert, or one that always fires, keeps quiet",
    "The team that answers is never told while the other alert fires, and a verdict does not see "
    "it unless you promise it (`check --promise not-silenced`).",
)
TEAM_UNTOLD_AT_TIMES = Code(
    "team-untold-at-times",
    Level.WARNING,
    "At some hours nobody tells the team",
    "An alert that fires in these hours waits until they are over. The team is accountable all "
    "that time and does not know.",
)
ROUTE_DEAD = Code(
    "route-dead",
    Level.WARNING,
    "No alert can reach a route",
    "Whoever wrote it believes that the alerts it asks for come here. They go somewhere else, or "
    "to nobody.",
)
ROUTE_LOSES_PART = Code(
    "route-loses-part",
    Level.WARNING,
    "An earlier route of another team takes a part of what a route asks for",
    "Both routes ask for these alerts, and the order of the file decides which team answers. The "
    "other believes that they are told.",
)
ROUTE_FALLS_TO_DEFAULT = Code(
    "route-falls-to-default",
    Level.WARNING,
    "What no child of a route takes falls to the root's receiver",
    "The route picks out alerts for somebody, and those that none of its children knows are told "
    "to whoever looks after the unrecognised.",
)
ROUTE_OPTIONS_ONLY = Code(
    "route-options-only",
    Level.WARNING,
    "A route that changes options alone, and goes on",
    "Options do not carry over to the next route. The alert is told to the inherited receiver as "
    "well, and to the team with the old waits.",
)
CONTINUE_TELLS_TWO_TEAMS = Code(
    "continue-tells-two-teams",
    Level.WARNING,
    "A route goes on to the receiver of another team",
    "Of an alert that both routes take, each team may wait for the other.",
)
RECEIVER_OF_TWO_TEAMS = Code(
    "receiver-of-two-teams",
    Level.WARNING,
    "The route of one team leads to the receiver of another",
    "The label says who is accountable, and somebody else is paged.",
)
ENDPOINT_SHARED = Code(
    "endpoint-shared",
    Level.WARNING,
    "Two teams' receivers tell the same endpoint",
    "By their names each team has its own; in truth the page of one rings at the other, and each "
    "may take it for the other's.",
)
TEAMS_SHARE_GROUP = Code(
    "teams-share-group",
    Level.WARNING,
    "Alerts of different teams fall into one group",
    "One notification speaks of both, the second team's alert waits behind the first one's, and "
    "one acknowledgement hides both.",
)
MATCHER_TAKES_MISSING = Code(
    "matcher-takes-missing",
    Level.WARNING,
    "A negated matcher takes alerts without a team as well",
    "A missing label is the empty value, which is not the one that is left out: an alert that "
    "nobody owns is told to a team as if it were theirs.",
)
MATCHER_ALWAYS_HOLDS = Code(
    "matcher-always-holds",
    Level.WARNING,
    "A pattern that seems to choose matches every value",
    "The route takes alerts of every team, and those that were to be told of them are not.",
)
MATCHER_LABEL_UNCARRIED = Code(
    "matcher-label-uncarried",
    Level.WARNING,
    "A matcher asks for a label that no alert has",
    "The route takes none of the alerts that the rules send; whoever is to be told by it is not.",
)
MATCHER_VALUE_MISSPELT = Code(
    "matcher-value-misspelt",
    Level.WARNING,
    "A matcher asks for a slip of a value that alerts have",
    "The alerts that were meant pass the route by, and whoever is to be told by it is not.",
)
INHIBIT_EQUAL_ABSENT = Code(
    "inhibit-equal-absent",
    Level.WARNING,
    "A label under `equal` that neither side has",
    "Missing equals missing: any source keeps any target quiet, and the team that answers for the "
    "target is not told.",
)
REPEAT_TOO_LONG = Code(
    "repeat-too-long",
    Level.WARNING,
    "An alert that still fires is not told again within a day",
    "Whoever is on call next is accountable and never hears of it; a page that was missed once is "
    "missed for good.",
)
LABEL_RESERVED = Code(
    "label-reserved",
    Level.WARNING,
    "A rule sets a label that is not its to set",
    "Its value is replaced, or taken for a mark of the ledger's; routes that ask for it see "
    "something else than the rule says.",
)
