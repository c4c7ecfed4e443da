"""The lines of countersigned months as SQL: `rules.amounts` for any number of them in one statement.

Within a claim the item with the lower priority number is paid, those that it excludes are not; what another claim of
the person pays for the same time is not paid again. Between claims of one person the order counts: a statement takes
one month of each person at most, or is told what comes before.
"""

from __future__ import annotations

from backend.domain.attendance.concluding import EPOCH
from backend.domain.attendance.rules.timesheets import SERVED
from backend.domain.careers.rules.evaluations import PASSED

_SERVED = ", ".join(f"'{standing}'" for standing in sorted(SERVED))
_PASSED = ", ".join(f"'{grade}'" for grade in sorted(PASSED))
_RULE = """i.id AS item_id, i.name, i.kind, i.priority,
        coalesce(nullif(i.exclusion, ''), CAST(i.id AS text)) AS exclusion, r.id AS rule_id, r.amount_fen,
        r.interval_months, r.cap_fen, r.cap_days, r.minimum_days, r.days_a_week, r.needs_evaluation"""

_CHOSEN = """chosen AS MATERIALIZED (
    SELECT t.id AS timesheet_id, t.month, CAST(t.month + interval '1 month' AS date) AS after_month, t.dispatch_id,
        d.person_id, d.supporting_id, d.recipient_id, d.starts_on, d.ends_on, d.kind = 'posted' AS is_posted
    FROM timesheets t JOIN dispatches d ON d.id = t.dispatch_id
    WHERE t.id = ANY(CAST(:timesheet_ids AS uuid[])) AND t.status = 'countersigned'
)"""

# Of the rules that reach a hospital from above, each item's for the recipient: one's own, else its level's, else all's.
_HOLDING = f"""rules AS (
    SELECT * FROM subsidy_rules WHERE status = 'approved' AND id <> ALL(CAST(:without AS uuid[]))
    UNION ALL SELECT * FROM jsonb_populate_recordset(CAST(NULL AS subsidy_rules), CAST(:beside AS jsonb))
), above (of, id) AS (
    SELECT DISTINCT supporting_id, supporting_id FROM pairs
    UNION SELECT above.of, o.parent_id FROM above JOIN organisations o ON o.id = above.id WHERE o.parent_id IS NOT NULL
), holding AS MATERIALIZED (
    SELECT DISTINCT ON (p.supporting_id, p.recipient_id, p.month, i.id) p.supporting_id, p.recipient_id, p.month,
        {_RULE}
    FROM pairs p
    JOIN above ON above.of = p.supporting_id
    JOIN subsidy_programmes g ON g.organisation_id = above.id
    JOIN subsidy_items i ON i.programme_id = g.id
    JOIN organisations o ON o.id = p.recipient_id
    JOIN rules r ON r.item_id = i.id AND r.during @> p.month
        AND (r.recipient_id = p.recipient_id OR r.recipient_id IS NULL AND r.level IN ('', o.level))
    ORDER BY p.supporting_id, p.recipient_id, p.month, i.id, r.recipient_id IS NULL, r.level = ''
)"""  # noqa: S608  (put together from the constants above)

_BY_DATE = f"""pairs AS MATERIALIZED (
    SELECT supporting_id, recipient_id, month FROM chosen
    UNION SELECT supporting_id, recipient_id, spent_month FROM tickets
), {_HOLDING}, ruled AS MATERIALIZED (
    SELECT c.timesheet_id, h.* FROM chosen c JOIN holding h USING (supporting_id, recipient_id, month)
    WHERE NOT CAST(:only_fares AS boolean) OR h.kind = 'return_fare'
)"""  # noqa: S608

# What a month was computed by before, for its days anew: the same versions, whatever has been approved since.
_AS_BEFORE = f"""holding AS (
    SELECT c.supporting_id, c.recipient_id, c.month, {_RULE}
    FROM chosen c CROSS JOIN subsidy_items i JOIN subsidy_rules r ON false
), ruled AS MATERIALIZED (
    SELECT DISTINCT ON (l.timesheet_id, i.id) l.timesheet_id, c.supporting_id, c.recipient_id, c.month, {_RULE}
    FROM chosen c JOIN subsidy_lines l USING (timesheet_id)
    JOIN subsidy_items i ON i.id = l.item_id JOIN subsidy_rules r ON r.id = l.rule_id
    WHERE l.sort = 'grant' AND NOT l.voided AND i.kind <> 'return_fare'
    ORDER BY l.timesheet_id, i.id, l.id DESC
)"""  # noqa: S608

# Receipts that wait for a claim; or, told so, those that the lines of the month hold already.
_TICKETS = """tickets AS MATERIALIZED (
    SELECT c.timesheet_id, c.supporting_id, c.recipient_id, r.id, r.number, r.spent_on, r.amount_fen,
        CAST(date_trunc('month', r.spent_on) AS date) AS spent_month, date_trunc('month', c.starts_on) AS first_month,
        CAST((extract(year FROM r.spent_on) - extract(year FROM c.starts_on)) * 12
            + extract(month FROM r.spent_on) - extract(month FROM c.starts_on) AS integer) AS months_passed
    FROM chosen c JOIN subsidy_receipts r ON r.dispatch_id = c.dispatch_id AND r.withdrawn_at IS NULL
    LEFT JOIN subsidy_lines l ON l.id = r.line_id
    WHERE CASE WHEN CAST(:held_tickets AS boolean) THEN l.timesheet_id = c.timesheet_id ELSE r.line_id IS NULL END
)"""

_DAYS = f"""days AS MATERIALIZED (
    SELECT day, day + CAST(7 - extract(isodow FROM day) AS integer) AS sunday,
        CASE WHEN day = ANY(CAST(:unknown_days AS date[])) THEN NULL
             ELSE day <> ALL(CAST(:free_days AS date[])) END AS working
    FROM (SELECT CAST(:first AS date) + n AS day
        FROM generate_series(0, CAST(:last AS date) - CAST(:first AS date)) AS n) AS each
), amended AS MATERIALIZED (
    SELECT DISTINCT ON (t.dispatch_id, a.duty_on, a.shift) t.dispatch_id, a.duty_on, a.shift, a.after
    FROM timesheet_amendments a JOIN timesheets t ON t.id = a.timesheet_id
    WHERE a.status = 'accepted' AND a.duty_on BETWEEN :first AND :last
        AND t.dispatch_id IN (SELECT dispatch_id FROM chosen)
    ORDER BY t.dispatch_id, a.duty_on, a.shift, a.requested_at DESC
), served AS MATERIALIZED (
    SELECT c.timesheet_id, CAST(count(*) AS integer) AS served,
        range_agg(int4range(part.number, part.number + 1)) AS halves
    FROM chosen c
    JOIN duty_shifts s ON s.dispatch_id = c.dispatch_id AND s.duty_on >= c.month AND s.duty_on < c.after_month
    LEFT JOIN amended a ON a.dispatch_id = s.dispatch_id AND a.duty_on = s.duty_on AND a.shift = s.shift
    CROSS JOIN LATERAL (
        SELECT (s.duty_on - DATE '{EPOCH}') * 3 + CASE s.shift WHEN 'morning' THEN 0 ELSE 1 END AS number
    ) AS part
    WHERE s.shift <> 'night' AND coalesce(a.after, s.standing) IN ({_SERVED})
    GROUP BY c.timesheet_id
)"""  # noqa: S608

# The weeks whose Sunday lies in the month, as `attendance.rules.weeks` counts them; `kept` is the most days a week that
# all of them keep. Nothing is asked of who visits on single days, nor of a week whose calendar is not known.
_WEEKS = f"""strict AS MATERIALIZED (
    SELECT * FROM chosen c WHERE c.is_posted
        AND EXISTS (SELECT FROM ruled r WHERE r.timesheet_id = c.timesheet_id AND r.days_a_week IS NOT NULL)
), done AS (
    SELECT c.timesheet_id, days.sunday,
        count(*) FILTER (WHERE coalesce(a.after, s.standing) IN ({_SERVED})) AS served,
        count(*) FILTER (WHERE coalesce(a.after, s.standing) IN ('leave', 'night_rest') AND days.working) AS leave
    FROM strict c
    JOIN duty_shifts s ON s.dispatch_id = c.dispatch_id AND s.duty_on >= c.month - 6 AND s.duty_on < c.after_month
    JOIN days ON days.day = s.duty_on
    LEFT JOIN amended a ON a.dispatch_id = s.dispatch_id AND a.duty_on = s.duty_on AND a.shift = s.shift
    WHERE s.shift <> 'night'
    GROUP BY c.timesheet_id, days.sunday
), weeks AS (
    SELECT c.timesheet_id, w.sunday, w.working, coalesce(d.served, 0) AS served, coalesce(d.leave, 0) AS leave
    FROM strict c
    CROSS JOIN LATERAL (
        SELECT sunday, count(*) FILTER (WHERE working) AS working
        FROM days
        WHERE sunday >= c.month AND sunday < c.after_month AND day BETWEEN c.starts_on AND c.ends_on
        GROUP BY sunday HAVING count(*) = count(working)
    ) AS w
    LEFT JOIN done d ON d.timesheet_id = c.timesheet_id AND d.sunday = w.sunday
), weekly AS MATERIALIZED (
    SELECT timesheet_id,
        jsonb_agg(jsonb_build_object('from', sunday - 6, 'working', working, 'leave', leave, 'served', served)
            ORDER BY sunday) AS weeks,
        min(CASE WHEN 2 * working > leave THEN 10 * (served / 2) / (2 * working - leave) ELSE 7 END) AS kept
    FROM weeks GROUP BY timesheet_id
)"""  # noqa: S608

# A receipt is paid under one item, the first that pays fares for its month; an interval by the version of its first.
_FARES = """placed AS (
    SELECT DISTINCT ON (t.timesheet_id, t.id) t.*, h.item_id, h.name, h.priority, h.exclusion, h.rule_id, h.cap_fen,
        CAST(t.first_month + make_interval(months => t.months_passed / h.interval_months * h.interval_months) AS date)
            AS begins,
        CAST(t.first_month + make_interval(months => (t.months_passed / h.interval_months + 1) * h.interval_months)
            AS date) AS ends
    FROM tickets t JOIN holding h USING (supporting_id, recipient_id)
    WHERE h.month = t.spent_month AND h.kind = 'return_fare'
    ORDER BY t.timesheet_id, t.id, h.priority, h.item_id
), fares AS MATERIALIZED (
    SELECT timesheet_id, item_id, name, priority, exclusion, begins, ends, sum(amount_fen) AS amount_fen,
        (array_agg(rule_id ORDER BY spent_on, id))[1] AS rule_id,
        (array_agg(cap_fen ORDER BY spent_on, id))[1] AS cap_fen,
        array_agg(id) AS receipt_ids,
        jsonb_agg(jsonb_build_object('id', id, 'number', number, 'spent_on', spent_on, 'amount_fen', amount_fen)
            ORDER BY spent_on, id) AS receipts
    FROM placed GROUP BY timesheet_id, item_id, name, priority, exclusion, begins, ends
)"""

_CANDIDATES = f"""wanted AS (
    SELECT r.timesheet_id, r.item_id, r.rule_id, r.name, r.priority, r.exclusion,
        CASE WHEN s.served IS NULL THEN 'no_days'
            WHEN s.served < 2 * r.minimum_days THEN 'too_few_days'
            WHEN w.kept < r.days_a_week THEN 'weeks_not_kept'
            WHEN r.needs_evaluation AND e.id IS NULL THEN 'evaluation_missing' ELSE '' END AS unmet,
        least(r.cap_fen, CASE r.kind WHEN 'per_month' THEN r.amount_fen
            ELSE least(s.served, 2 * r.cap_days) * r.amount_fen / 2 END) AS amount_fen,
        CASE r.kind WHEN 'per_day' THEN s.halves ELSE int4multirange(
            int4range((c.month - DATE '{EPOCH}') * 3, (c.after_month - DATE '{EPOCH}') * 3)) END AS halves,
        jsonb_strip_nulls(jsonb_build_object('served', coalesce(s.served, 0),
            'weeks', CASE WHEN r.days_a_week IS NOT NULL THEN coalesce(w.weeks, '[]') END,
            'evaluated', CASE WHEN r.needs_evaluation THEN e.id IS NOT NULL END)) AS inputs,
        CAST(NULL AS date) AS begins, CAST(NULL AS uuid[]) AS receipt_ids
    FROM chosen c JOIN ruled r USING (timesheet_id)
    LEFT JOIN served s USING (timesheet_id)
    LEFT JOIN weekly w USING (timesheet_id)
    LEFT JOIN evaluations e ON e.dispatch_id = c.dispatch_id AND e.status = 'completed' AND e.grade IN ({_PASSED})
    WHERE r.kind <> 'return_fare'
    UNION ALL
    SELECT timesheet_id, item_id, rule_id, name, priority, exclusion, '', CAST(least(amount_fen, cap_fen) AS integer),
        int4multirange(int4range((begins - DATE '{EPOCH}') * 3, (ends - DATE '{EPOCH}') * 3)),
        jsonb_build_object('window', jsonb_build_array(begins, ends), 'receipts', receipts), begins, receipt_ids
    FROM fares
    UNION ALL
    SELECT timesheet_id, item_id, rule_id, name, priority, exclusion, 'no_receipts', 0, NULL,
        '{{"receipts": []}}', NULL, NULL
    FROM ruled r WHERE r.kind = 'return_fare'
        AND NOT EXISTS (SELECT FROM fares f WHERE f.timesheet_id = r.timesheet_id AND f.item_id = r.item_id)
), candidates AS MATERIALIZED (
    SELECT row_number() OVER () AS key, c.person_id, c.month, w.* FROM wanted w JOIN chosen c USING (timesheet_id)
)"""  # noqa: S608

# What pays already: in other months, and in the month itself what is not computed here (its fares, or all but those).
_LINES = """paid AS (
    SELECT l.person_id, l.exclusion, l.halves, l.timesheet_id,
        (i.kind = 'return_fare') <> CAST(:only_fares AS boolean) AS stays
    FROM subsidy_lines l JOIN subsidy_items i ON i.id = l.item_id
    WHERE l.in_force AND l.timesheet_id <> ALL(CAST(:ignored AS uuid[]))
    UNION ALL
    SELECT a.*, false FROM jsonb_to_recordset(CAST(:assumed AS jsonb))
        AS a (person_id uuid, exclusion text, halves int4multirange, timesheet_id uuid)
), taken AS MATERIALIZED (
    SELECT c.key, bool_and(p.timesheet_id = c.timesheet_id) AS here
    FROM candidates c JOIN paid p ON p.person_id = c.person_id AND p.exclusion = c.exclusion AND p.halves && c.halves
    WHERE c.unmet = '' AND (p.timesheet_id <> c.timesheet_id OR p.stays)
    GROUP BY c.key
), open AS MATERIALIZED (
    SELECT c.* FROM candidates c LEFT JOIN taken t USING (key) WHERE c.unmet = '' AND t.key IS NULL
), excluded AS MATERIALIZED (
    SELECT DISTINCT ON (lower.key) lower.key, first.name
    FROM open lower JOIN open first ON first.timesheet_id = lower.timesheet_id AND first.exclusion = lower.exclusion
        AND (first.priority, first.item_id, coalesce(first.begins, first.month))
            < (lower.priority, lower.item_id, coalesce(lower.begins, lower.month))
        AND first.halves && lower.halves
    ORDER BY lower.key, first.priority, first.item_id
), judged AS MATERIALIZED (
    SELECT c.*,
        CASE WHEN c.unmet <> '' THEN c.unmet WHEN t.here THEN 'excluded' WHEN t.key IS NOT NULL THEN 'already_paid'
            WHEN x.key IS NOT NULL THEN 'excluded' ELSE '' END AS withheld, x.name AS excluded_by
    FROM candidates c LEFT JOIN taken t USING (key) LEFT JOIN excluded x USING (key)
), lines AS MATERIALIZED (
    SELECT uuidv7() AS id, timesheet_id, person_id, month, item_id, rule_id, exclusion, withheld, receipt_ids,
        row_number() OVER (PARTITION BY timesheet_id ORDER BY priority, item_id, begins) AS position,
        CASE withheld WHEN '' THEN amount_fen ELSE 0 END AS amount_fen,
        CASE withheld WHEN '' THEN halves END AS halves,
        CASE withheld WHEN 'already_paid' THEN inputs || '{"already_paid": true}'
            WHEN 'excluded' THEN inputs || jsonb_build_object('excluded_by', coalesce(excluded_by, '其他项目'))
            ELSE inputs END AS inputs
    FROM judged
)"""

_DUE = f"{_DAYS}, {_WEEKS}, {_FARES}, {_CANDIDATES}, {_LINES}"
LINES_BY_DATE = f"WITH RECURSIVE {_CHOSEN}, {_TICKETS}, {_BY_DATE}, {_DUE}"
"""What is due by the rules that hold for each month, as the last common table expression `lines`."""
LINES_AS_BEFORE = f"WITH {_CHOSEN}, {_TICKETS}, {_AS_BEFORE}, {_DUE}"
"""What is due by the versions of rules under which each month was computed before."""

HOLDING = _HOLDING
