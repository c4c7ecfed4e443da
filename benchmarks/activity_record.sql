-- What POST /activities writes into activity_records for a record that is handed in: a draft, then its submission.
\set n random(0, 4999)
\set kind random(0, 2)
\set said random(0, 60)
\set ago random(0, 300)
BEGIN;
INSERT INTO activity_records (id, series_id, edition, kind, occurred_on, person_id, supporting_id, recipient_id,
    department_id, dispatch_id, title, quantity, quantity_at_least, quantity_about, person_times,
    person_times_at_least, person_times_about, details, clinical, status, held_reason, is_late, idempotency_key,
    request_hash, version)
SELECT made.id, made.id, 1, (ARRAY['lecture', 'training', 'teaching_round'])[:kind::int + 1], date '2026-11-01' - :ago::int,
    s.person_id, s.supporting_id, s.recipient_id, NULL, s.id, '高血压规范管理', 1, false, false, :said::int, false, false,
    '{"topic": "高血压规范管理", "audience": "staff", "person_times": 30}', NULL, 'draft', '', false, made.id::text,
    '\x00', 1
FROM sent s, (SELECT uuidv7() AS id OFFSET 0) AS made WHERE s.n = :n
RETURNING id \gset
UPDATE activity_records SET status = 'submitted', submitted_at = now(), changed_at = now(), version = 2
WHERE id = :id;
COMMIT;
