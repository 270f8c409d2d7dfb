"""Where people sign in, unless the deployment names another issuer."""

from __future__ import annotations

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

_FIRST_PASSWORD_DAYS = 3


class SignIn(Construct):
    """A user pool whose people are added by an administrator, and the web app's client of it."""

    def __init__(self, scope: Construct, id_: str, *, retained: bool) -> None:
        super().__init__(scope, id_)
        self.pool = cognito.UserPool(
            self,
            "Users",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            user_invitation=cognito.UserInvitationConfig(
                email_subject="Your invitation to Openhouse",
                email_body=(
                    "You are invited to Openhouse. Sign in as {username}. "
                    f"Your first password, which you then change, is good for {_FIRST_PASSWORD_DAYS} days: "
                    "{####}"
                ),
            ),
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                temp_password_validity=Duration.days(_FIRST_PASSWORD_DAYS),
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            deletion_protection=retained,
            removal_policy=RemovalPolicy.RETAIN if retained else RemovalPolicy.DESTROY,
        )
        self.client = self.pool.add_client(
            "WebClient",
            auth_flows=cognito.AuthFlow(user_password=True),
            generate_secret=False,  # a browser cannot keep one
            disable_o_auth=True,
            id_token_validity=Duration.hours(1),  # a socket lives no longer than the token behind it
            access_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(7),
            # Each is good for one renewal, and a minute more: for the answer that got lost on its way.
            refresh_token_rotation_grace_period=Duration.seconds(60),
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
            # Nobody changes their own e-mail address: an administrator knows people by it.
            write_attributes=cognito.ClientAttributes().with_standard_attributes(fullname=True),
        )

    @property
    def url(self) -> str:
        """Where Cognito's own API answers."""
        return f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}"

    @property
    def issuer(self) -> str:
        """The `iss` claim of the pool's tokens; its keys are below this address."""
        return f"{self.url}/{self.pool.user_pool_id}"
