"""A place is planned once for each connection, and found by class and person.

A function in SQL is read and planned anew by each statement that calls it, one in PL/pgSQL
once for each connection. And since the values of a request say nothing that a plan could
use, the plans of a place are made without them: otherwise the database weighs at every
call whether these values deserve a plan of their own. The index of a class's bookings
names the person too, so that looking for somebody's place does not read everybody's.
"""

import django.db.models.deletion
from django.db import migrations, models

CLAIM = """
CREATE OR REPLACE FUNCTION classes_claim_key(
    p_by bigint, p_key text, p_body_hash text, p_now timestamptz, p_stale timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_key bigint;
BEGIN
    INSERT INTO classes_idempotencykey AS k (by_id, key, body_hash, status, outcome, at)
    VALUES (p_by, p_key, p_body_hash, 0, '{}', p_now)
    ON CONFLICT ON CONSTRAINT one_outcome_per_person_and_key DO UPDATE
       SET body_hash = excluded.body_hash, status = 0, outcome = '{}', at = excluded.at
     WHERE k.at < p_stale
    RETURNING k.id INTO v_key;
    RETURN v_key;
END
$$
"""
CLAIM_AS_BEFORE = """
CREATE OR REPLACE FUNCTION classes_claim_key(
    p_by bigint, p_key text, p_body_hash text, p_now timestamptz, p_stale timestamptz
) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO classes_idempotencykey AS k (by_id, key, body_hash, status, outcome, at)
    VALUES (p_by, p_key, p_body_hash, 0, '{}', p_now)
    ON CONFLICT ON CONSTRAINT one_outcome_per_person_and_key DO UPDATE
       SET body_hash = excluded.body_hash, status = 0, outcome = '{}', at = excluded.at
     WHERE k.at < p_stale
    RETURNING k.id
$$
"""
PLANNED_ONCE = "ALTER FUNCTION {} SET plan_cache_mode = 'force_generic_plan'"
AS_BEFORE = "ALTER FUNCTION {} RESET plan_cache_mode"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_an_address_that_does_not_work"),
        ("classes", "0014_halls_and_kinds_of_class_keep_their_history"),
        ("participants", "0009_which_list_brought_a_registration"),
    ]

    operations = [
        migrations.RunSQL(CLAIM, CLAIM_AS_BEFORE),
        *(
            migrations.RunSQL(PLANNED_ONCE.format(function), AS_BEFORE.format(function))
            for function in ("classes_take_place", "classes_book_at_once")
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["session", "participant"], name="bookings_by_class_and_person"),
        ),
        migrations.AlterField(
            model_name="booking",
            name="session",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="classes.session",
            ),
        ),
        migrations.AlterField(
            model_name="idempotencykey",
            name="by",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.person"
            ),
        ),
    ]
