from django.db import migrations
from django.db.models import Q

WORDS = (
    "Programme {name!r} lets a clearance hold for {months} months and asks for reviews within {days} working days. "
    "These numbers have moved to the rules in numbers, which begin with 6 and 5. So that none changes unseen: set "
    "clearance_months to 6 and review_days to 5, migrate, then write and start your numbers under Safety content."
)


def refuse_to_change_a_number_unseen(apps, schema_editor):
    others = apps.get_model("accounts", "Programme").objects.exclude(Q(clearance_months=6) & Q(review_days=5))
    for name, months, days in others.values_list("name", "clearance_months", "review_days"):
        raise RuntimeError(WORDS.format(name=name, months=months, days=days))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_content'),
    ]

    operations = [
        migrations.RunPython(refuse_to_change_a_number_unseen, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='programme',
            name='clearance_months',
        ),
        migrations.RemoveField(
            model_name='programme',
            name='review_days',
        ),
    ]
