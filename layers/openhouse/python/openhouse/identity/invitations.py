"""People who are invited to a brokerage: a login that Cognito mails a first password for, and a directory entry.

The login comes first, as its id is the user's. Whoever dies between both leaves a login that is in no directory: the
same invitation, sent again, finds it and goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openhouse.core import clock
from openhouse.core.clock import Clock
from openhouse.core.errors import Conflict, NotFound, NotSupported, SignInBusy
from openhouse.core.principal import Principal, Role
from openhouse.identity.administration import check_admin
from openhouse.identity.directory import Directory, User
from openhouse.identity.logins import Login, Logins
from openhouse.storage.idempotency import IdempotencyKey, IdempotencyStore


@dataclass(frozen=True, kw_only=True)
class Invitation:
    email: str
    name: str
    role: Role
    team_ids: tuple[str, ...] = ()


class Invitations:
    """`logins` makes what reaches the user pool; None where another issuer's people sign in.

    Each raises Forbidden of whoever is no administrator, NotSupported without a pool, SignInBusy.
    """

    def __init__(
        self,
        directory: Directory,
        idempotency: IdempotencyStore,
        logins: Callable[[], Logins] | None,
        *,
        now: Clock = clock.utc_now,
    ) -> None:
        self._directory = directory
        self._idempotency = idempotency
        self._new_logins = logins
        self._now = now

    def invite(
        self, principal: Principal, invitation: Invitation, idempotency_key: IdempotencyKey | None = None
    ) -> dict[str, Any]:
        """The new entry, in wire form. Who has a login already that is in no brokerage is added with that.

        Raises Invalid, Conflict for who is somewhere already, Busy.
        """
        logins, now, brokerage_id = self._logins(principal), self._now(), principal.brokerage_id
        if repeat := self._idempotency.find(idempotency_key, now):
            return repeat.body
        team_ids = tuple(dict.fromkeys(invitation.team_ids))
        self._directory.check_teams(brokerage_id, team_ids)
        self._refuse_known(brokerage_id, invitation.email)
        login = logins.invite(invitation.email, invitation.name) or self._adopted(
            logins, brokerage_id, invitation.email
        )
        user = User(
            user_id=login.user_id,
            email=invitation.email,
            name=invitation.name,
            role=invitation.role,
            team_ids=team_ids,
            invited_at=clock.to_wire(now) if login.invited else None,
        )
        kept = self._idempotency.keep(idempotency_key, user.wire(), now)
        self._directory.put_invited(brokerage_id, user, by=principal.user_id, also=kept)
        return user.wire()

    def resend(self, principal: Principal, user_id: str) -> User:
        """Mails another first password. Raises NotFound, Conflict for who has signed in already."""
        logins, now, brokerage_id = self._logins(principal), self._now(), principal.brokerage_id
        known = self._directory.membership(user_id)
        if known is None or known.brokerage_id != brokerage_id or known.user is None:
            raise NotFound("there is no such user in your brokerage")
        login = logins.find(user_id)
        if login is None:
            raise Conflict("their login is gone: remove them, and invite them again")
        if not login.invited:
            self._directory.note_arrived(user_id)
            raise Conflict("they have signed in already; for a forgotten password there is the sign-in page")
        logins.mail_again(login.email)
        self._directory.note_invited(brokerage_id, known.user, at := clock.to_wire(now), by=principal.user_id)
        return User(**{**vars(known.user), "invited_at": at})

    def revoke(self, principal: Principal, user_id: str) -> None:
        """Takes the login back, then the entry: who is still in the list may be revoked again.

        May be repeated. Raises NotFound, Conflict for who has signed in already.
        """
        logins = self._logins(principal)
        known = self._directory.membership(user_id)
        if known is None or known.brokerage_id != principal.brokerage_id:
            raise NotFound("there is no such user in your brokerage")
        login = logins.find(user_id)
        if login and not login.invited:
            raise Conflict("they have signed in already; remove them instead")
        if login:
            logins.delete(user_id)
        by = principal.user_id
        self._directory.remove_user(principal.brokerage_id, user_id, by=by, act="invitation_revoked")

    def _logins(self, principal: Principal) -> Logins:
        check_admin(principal)
        if self._new_logins is None:
            raise NotSupported("people of this deployment sign in elsewhere: make their logins there, then add them")
        return self._new_logins()

    def _refuse_known(self, brokerage_id: str, email: str) -> None:
        """Before a mail is sent."""
        for user in self._directory.users(brokerage_id):
            if user.email.casefold() == email.casefold():
                again = ", and is invited already: send the invitation again" if user.invited_at else ""
                raise Conflict(f"{email} is in your brokerage{again}")

    def _adopted(self, logins: Logins, brokerage_id: str, email: str) -> Login:
        """The login that has this address already, if it may be the brokerage's."""
        login = logins.find(email)
        if login is None:
            raise SignInBusy(f"the login of {email} is being changed; try again")
        if not login.verified:
            raise Conflict(f"the login of {email} has never verified its address: ask who runs this deployment")
        known = self._directory.membership(login.user_id)
        if known and known.brokerage_id != brokerage_id:
            raise Conflict(f"{email} belongs to another brokerage: invite them by another address")
        if known and known.user:
            raise Conflict(f"{email} is in your brokerage as {known.user.email}")
        if login.invited:
            logins.mail_again(email)
        return login
