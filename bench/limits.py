"""What the database alone can do: the smallest transactions that book a place and list classes, by pgbench.

The tables stand beside the product's own, in the same database, on the same disk.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from django.db import connection

SPREAD_OVER = 10_000
TABLES = f"""
CREATE TABLE IF NOT EXISTS bench_class (id int PRIMARY KEY, capacity int NOT NULL, taken int NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS bench_place (
    id bigserial PRIMARY KEY, class_id int NOT NULL REFERENCES bench_class, person bigint NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(), UNIQUE (class_id, person)
);
INSERT INTO bench_class SELECT n, 2000000000 FROM generate_series(1, {SPREAD_OVER}) AS n ON CONFLICT DO NOTHING;
"""
BOOK = """\\set person random(1, 1000000000000)
{which}
BEGIN;
UPDATE bench_class SET taken = taken + 1 WHERE id = :class AND taken < capacity;
INSERT INTO bench_place (class_id, person) VALUES (:class, :person);
COMMIT;
"""
SCRIPTS = {
    "hot": BOOK.format(which="\\set class 1"),
    "spread": BOOK.format(which=f"\\set class random(1, {SPREAD_OVER})"),
    "list": """SELECT s.id, s.starts_at, s.ends_at, s.mode, s.capacity - s.reserved - s.walk_in - s.places_taken, t.name
  FROM classes_session s JOIN classes_classtype t ON t.id = s.class_type_id
 WHERE s.status = 'published' AND s.starts_at > now() ORDER BY s.starts_at, s.id LIMIT 20;
""",
}


def make_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)


def most_per_second(what: str, *, pgbench: str, url: str, seconds: int, connections: int, folder: Path) -> float:
    """How often a second PostgreSQL does `what` ("hot", "spread", "list") over `connections` connections."""
    script = folder / f"{what}.sql"
    script.write_text(SCRIPTS[what])
    command = [
        pgbench,
        "-n",
        "-M",
        "prepared",
        "-c",
        str(connections),
        "-j",
        "1",
        "-T",
        str(seconds),
        "-f",
        str(script),
        url,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return rate_in(done.stdout)


def rate_in(said: str) -> float:
    found = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
    if found is None:
        raise ValueError(f"pgbench said no rate: {said[-500:]}")
    return float(found[1])
