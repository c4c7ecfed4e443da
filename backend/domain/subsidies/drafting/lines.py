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
_AWAY = "'leave', 'night_rest'"  # what lowers the days that a week asks for
_NUMBER = f"(s.duty_on - DATE '{EPOCH}') * 3 + CASE s.shift WHEN 'morning' THEN 0 ELSE 1 END"
_RULE = """i.id AS item_id, i.name, i.kind, i.priority,
        coalesce(nullif(i.exclusion, ''), CAST(i.id AS text)) AS exclusion, r.id AS rule_id, r.amount_fen,
        r.interval_months, r.cap_fen, r.cap_days, r.minimum_days, r.days_a_week, r.needs_evaluation"""

_CHOSEN = """chosen AS MATERIALIZED (
    SELECT t.id AS timesheet_id, t.month, CAST(t.month + interval '1 month' AS date) AS after_month, t.dispatch_id,
        d.person_id, d.supporting_id, d.recipient_id, d.starts_on, d.ends_on, d.kind = 'posted' AS is_posted,
        CAST(d.supporting_id AS text) || d.recipient_id || t.month AS whose
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
        CAST(p.supporting_id AS text) || p.recipient_id || p.month AS whose, {_RULE}
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
    SELECT c.timesheet_id, h.* FROM chosen c JOIN holding h USING (whose)
    WHERE NOT CAST(:only_fares AS boolean) OR h.kind = 'return_fare'
)"""  # noqa: S608

# What a month was computed by before, for its days anew: the same versions, whatever has been approved since.
_AS_BEFORE = f"""holding AS (
    SELECT c.whose, {_RULE} FROM chosen c CROSS JOIN subsidy_items i JOIN subsidy_rules r ON false
), ruled AS MATERIALIZED (
    SELECT DISTINCT ON (l.timesheet_id, i.id) l.timesheet_id, {_RULE}
    FROM chosen c JOIN subsidy_lines l USING (timesheet_id)
    JOIN subsidy_items i ON i.id = l.item_id JOIN subsidy_rules r ON r.id = l.rule_id
    WHERE l.sort = 'grant' AND NOT l.voided AND i.kind <> 'return_fare'
    ORDER BY l.timesheet_id, i.id, l.id DESC
)"""  # noqa: S608

# Receipts that wait for a claim; or, told so, those that the lines of the month hold already.
_TICKETS = """tickets AS MATERIALIZED (
    SELECT c.timesheet_id, c.supporting_id, c.recipient_id, r.id, r.number, r.spent_on, r.amount_fen,
        CAST(date_trunc('month', r.spent_on) AS date) AS spent_month,
        CAST(c.supporting_id AS text) || c.recipient_id || CAST(date_trunc('month', r.spent_on) AS date) AS whose,
        date_trunc('month', c.starts_on) AS first_month,
        CAST((extract(year FROM r.spent_on) - extract(year FROM c.starts_on)) * 12
            + extract(month FROM r.spent_on) - extract(month FROM c.starts_on) AS integer) AS months_passed
    FROM chosen c JOIN subsidy_receipts r ON r.dispatch_id = c.dispatch_id AND r.withdrawn_at IS NULL
    WHERE CASE WHEN CAST(:held_tickets AS boolean)
        THEN EXISTS (SELECT FROM subsidy_lines l WHERE l.id = r.line_id AND l.timesheet_id = c.timesheet_id)
        ELSE r.line_id IS NULL END
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
    WHERE a.status = 'accepted' AND a.shift <> 'night' AND a.duty_on BETWEEN :first AND :last
        AND t.dispatch_id IN (SELECT dispatch_id FROM chosen)
    ORDER BY t.dispatch_id, a.duty_on, a.shift, a.requested_at DESC
), changed AS MATERIALIZED (
    SELECT c.timesheet_id, c.month, s.duty_on, {_NUMBER} AS number,
        CAST(a.after IN ({_SERVED}) AS integer) - CAST(s.standing IN ({_SERVED}) AS integer) AS served,
        CAST(a.after IN ({_AWAY}) AS integer) - CAST(s.standing IN ({_AWAY}) AS integer) AS leave
    FROM amended a
    JOIN duty_shifts s ON s.dispatch_id = a.dispatch_id AND s.duty_on = a.duty_on AND s.shift = a.shift
    JOIN chosen c ON c.dispatch_id = a.dispatch_id AND a.duty_on >= c.month - 6 AND a.duty_on < c.after_month
), served AS MATERIALIZED (
    SELECT timesheet_id, CAST(sum(served) AS integer) AS served,
        coalesce(range_agg(signed), '{{}}') - coalesce(range_agg(gone), '{{}}') + coalesce(range_agg(added), '{{}}')
            AS halves
    FROM (
        SELECT c.timesheet_id, count(*) AS served, range_agg(int4range({_NUMBER}, {_NUMBER} + 1)) AS signed,
            CAST(NULL AS int4multirange) AS gone, CAST(NULL AS int4multirange) AS added
        FROM chosen c
        JOIN duty_shifts s ON s.dispatch_id = c.dispatch_id AND s.duty_on >= c.month AND s.duty_on < c.after_month
        WHERE s.shift <> 'night' AND s.standing IN ({_SERVED})
        GROUP BY c.timesheet_id
        UNION ALL
        SELECT timesheet_id, sum(served), NULL, range_agg(int4range(number, number + 1)) FILTER (WHERE served < 0),
            range_agg(int4range(number, number + 1)) FILTER (WHERE served > 0)
        FROM changed WHERE duty_on >= month
        GROUP BY timesheet_id
    ) AS parts
    GROUP BY timesheet_id HAVING sum(served) > 0
)"""  # noqa: S608

# The weeks whose Sunday lies in the month, as `attendance.rules.weeks` counts them; `kept` is the most days a week that
# all of them keep. Nothing is asked of who visits on single days, nor of a week whose calendar is not known. What is
# counted from here and there is added up, not joined: nobody knows how many rows there will be.
_WEEKS = f"""strict AS MATERIALIZED (
    SELECT * FROM chosen WHERE is_posted AND EXISTS (SELECT FROM ruled WHERE days_a_week IS NOT NULL)
), counted AS (
    SELECT c.timesheet_id, w.sunday, w.working, CAST(0 AS bigint) AS served, CAST(0 AS bigint) AS leave
    FROM strict c
    CROSS JOIN LATERAL (
        SELECT sunday, count(*) FILTER (WHERE working) AS working
        FROM days
        WHERE sunday >= c.month AND sunday < c.after_month AND day BETWEEN c.starts_on AND c.ends_on
        GROUP BY sunday HAVING count(*) = count(working)
    ) AS w
    UNION ALL
    SELECT c.timesheet_id, days.sunday, NULL, count(*) FILTER (WHERE s.standing IN ({_SERVED})),
        count(*) FILTER (WHERE s.standing IN ({_AWAY}) AND days.working)
    FROM strict c
    JOIN duty_shifts s ON s.dispatch_id = c.dispatch_id AND s.duty_on >= c.month - 6 AND s.duty_on < c.after_month
    JOIN days ON days.day = s.duty_on
    WHERE s.shift <> 'night'
    GROUP BY c.timesheet_id, days.sunday
    UNION ALL
    SELECT changed.timesheet_id, days.sunday, NULL, changed.served, CASE WHEN days.working THEN changed.leave ELSE 0 END
    FROM changed JOIN days ON days.day = changed.duty_on
), weeks AS (
    SELECT timesheet_id, sunday, max(working) AS working, CAST(sum(served) AS bigint) AS served,
        CAST(sum(leave) AS bigint) AS leave
    FROM counted GROUP BY timesheet_id, sunday HAVING max(working) IS NOT NULL
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
    FROM tickets t JOIN holding h USING (whose) WHERE h.kind = 'return_fare'
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
    SELECT timesheet_id, item_id, rule_id, name, priority, exclusion, '', CAST(least(amount_fen, cap_fen) AS bigint),
        int4multirange(int4range((begins - DATE '{EPOCH}') * 3, (ends - DATE '{EPOCH}') * 3)),
        jsonb_build_object('window', jsonb_build_array(begins, ends), 'receipts', receipts), begins, receipt_ids
    FROM fares
    UNION ALL
    SELECT timesheet_id, item_id, rule_id, name, priority, exclusion, 'no_receipts', 0, NULL,
        '{{"receipts": []}}', NULL, NULL
    FROM ruled r WHERE r.kind = 'return_fare'
), candidates AS MATERIALIZED (
    SELECT c.person_id, c.month, w.*
    FROM (SELECT *, bool_or(receipt_ids IS NOT NULL) OVER (PARTITION BY timesheet_id, item_id) AS is_spent FROM wanted)
        AS w JOIN chosen c USING (timesheet_id)
    WHERE w.unmet <> 'no_receipts' OR NOT w.is_spent
)"""  # noqa: S608

# What pays for the time already: NULL nothing, true the claim itself by what is not computed here, false another.
_PAID = """(SELECT bool_and(p.timesheet_id = c.timesheet_id) FROM subsidy_lines p
            WHERE p.in_force AND p.person_id = c.person_id AND p.exclusion = c.exclusion AND p.halves && c.halves
                AND {counts})"""
_BY_DATE_COUNTS = "p.timesheet_id <> ALL(CAST(:ignored AS uuid[]))"
_AS_BEFORE_COUNTS = """(p.timesheet_id <> c.timesheet_id
                    OR p.item_id IN (SELECT id FROM subsidy_items WHERE kind = 'return_fare'))"""
_ASSUMED = """coalesce({paid}, (SELECT false FROM jsonb_to_recordset(CAST(:assumed AS jsonb))
            AS a (person_id uuid, exclusion text, halves int4multirange)
            WHERE a.person_id = c.person_id AND a.exclusion = c.exclusion AND a.halves && c.halves LIMIT 1))"""

# Of what is left, the first of an exclusion pays; whatever overlaps with those before it does not.
_LINES = """met AS MATERIALIZED (
    SELECT c.*, CASE WHEN c.unmet <> '' THEN c.unmet ELSE CASE {paid}
        WHEN true THEN 'excluded' WHEN false THEN 'already_paid' ELSE '' END END AS barred
    FROM candidates c
), ranked AS (
    SELECT *, range_agg(CASE barred WHEN '' THEN halves ELSE '{{}}' END) OVER before AS taken,
        first_value(name) OVER (PARTITION BY timesheet_id, exclusion ORDER BY barred <> '', priority, item_id, begins)
            AS first_name
    FROM met
    WINDOW before AS (PARTITION BY timesheet_id, exclusion ORDER BY priority, item_id, begins
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), judged AS MATERIALIZED (
    SELECT *, CASE WHEN barred <> '' THEN barred WHEN taken && halves THEN 'excluded' ELSE '' END AS withheld
    FROM ranked
), lines AS MATERIALIZED (
    SELECT uuidv7() AS id, timesheet_id, person_id, month, item_id, rule_id, exclusion, withheld, receipt_ids,
        row_number() OVER (PARTITION BY timesheet_id ORDER BY priority, item_id, begins) AS position,
        CASE withheld WHEN '' THEN amount_fen ELSE 0 END AS amount_fen,
        CASE withheld WHEN '' THEN halves END AS halves,
        CASE withheld WHEN 'already_paid' THEN inputs || '{{"already_paid": true}}'
            WHEN 'excluded' THEN inputs || jsonb_build_object('excluded_by',
                CASE barred WHEN '' THEN first_name ELSE '其他项目' END)
            ELSE inputs END AS inputs
    FROM judged
)"""

_DUE = f"{_DAYS}, {_WEEKS}, {_FARES}, {_CANDIDATES}"
_ELSEWHERE, _EARLIER = _PAID.format(counts=_BY_DATE_COUNTS), _PAID.format(counts=_AS_BEFORE_COUNTS)
LINES_BY_DATE = f"WITH RECURSIVE {_CHOSEN}, {_TICKETS}, {_BY_DATE}, {_DUE}, {_LINES.format(paid=_ELSEWHERE)}"
"""What is due by the rules that hold for each month, as the last common table expression `lines`."""
LINES_ASSUMING = f"""WITH RECURSIVE {_CHOSEN}, {_TICKETS}, {_BY_DATE},
{_DUE}, {_LINES.format(paid=_ASSUMED.format(paid=_ELSEWHERE))}"""
"""The same, beside lines that are only assumed."""
LINES_AS_BEFORE = f"WITH {_CHOSEN}, {_TICKETS}, {_AS_BEFORE}, {_DUE}, {_LINES.format(paid=_EARLIER)}"
"""What is due by the versions of rules under which each month was computed before."""

HOLDING = _HOLDING
