"""What a month may cost: AWS tells the operators before it is more."""

from __future__ import annotations

from aws_cdk import aws_budgets as budgets
from constructs import Construct

SPENT, FORECAST = 80, 100  # percent of it, from which on it is told


class Budget(Construct):
    """`dollars` a month, of the whole account: AWS bills nothing less. `topic_arn`: the SNS topic that is told.

    CloudFormation names it: with another topic it makes another budget before it deletes this one, and two of one name
    there cannot be (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/365).
    """

    def __init__(self, scope: Construct, id_: str, *, dollars: int, topic_arn: str) -> None:
        super().__init__(scope, id_)
        told = [budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=topic_arn)]
        budgets.CfnBudget(
            self,
            "Month",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=dollars, unit="USD"),
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        notification_type=kind,
                        comparison_operator="GREATER_THAN",
                        threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=told,
                )
                for kind, percent in (("ACTUAL", SPENT), ("FORECASTED", FORECAST))
            ],
        )
