from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0006_vouchers_and_tickets'),
    ]

    operations = [
        migrations.AddField(model_name='rateplan', name='pay', field=models.CharField(default='now', max_length=10)),
        migrations.AddConstraint(
            model_name='rateplan',
            constraint=models.CheckConstraint(
                condition=Q(pay='now') | Q(pay='at_hotel', free_cancel_h__isnull=False), name='plan_pay'
            ),
        ),
    ]
