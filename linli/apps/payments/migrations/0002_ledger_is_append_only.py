"""A line of the ledger is never changed: the database refuses. (It may be deleted only by emptying a test's tables.)"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER payments_transfer_fixed BEFORE UPDATE ON payments_transfer
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
"""
POSTGRESQL = """
CREATE FUNCTION payments_transfer_fixed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is only added to'; END $$;
CREATE TRIGGER payments_transfer_fixed BEFORE UPDATE ON payments_transfer
FOR EACH ROW EXECUTE FUNCTION payments_transfer_fixed();
"""


def fix(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute(SQLITE)
    else:
        editor.execute(POSTGRESQL)


def loosen(apps, editor):
    editor.execute("DROP TRIGGER payments_transfer_fixed" + (" ON payments_transfer" if editor.connection.vendor != "sqlite" else ""))
    if editor.connection.vendor != "sqlite":
        editor.execute("DROP FUNCTION payments_transfer_fixed()")


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunPython(fix, loosen)]
