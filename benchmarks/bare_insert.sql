-- One row of check_ins, each of another duty: what is written of a check-in and nothing around it.
-- Row i of client c is number 32 i + c; a doctor has one on each day from :first_day on.
\set number :i * 32 + :client_id
\set i :i + 1
\set doctor :number % :doctors
\set day :number / :doctors
INSERT INTO check_ins (id, dispatch_id, person_id, kind, duty_on, shift, effective, tapped_at, received_at, phone_at,
    late, verdict, outcome, reasons, site_id, distance_m, accuracy_m, location, location_fingerprint, installation_hash,
    note, idempotency_key, request_hash)
VALUES (uuidv7(), ('d0000000-0000-7000-8000-' || lpad(to_hex(:doctor::int), 12, '0'))::uuid,
    ('a0000000-0000-7000-8000-' || lpad(to_hex(:doctor::int), 12, '0'))::uuid,
    'in', :first_day::date + :day::int, 'morning', true, now(), now(), NULL, false, 'inside', 'verified', '{}',
    :site::uuid, 12.5, 20, decode(repeat('a7', 54), 'hex'), decode(repeat('5c', 32), 'hex'),
    decode(repeat('3b', 32), 'hex'), '',
    'bare-' || :first_day || '-' || :number::int, decode(repeat('e1', 32), 'hex'))
