"""Home Assistant's REST interface, signed in as a user."""

from dataclasses import dataclass
from time import time
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, FormData

type Json = dict[str, Any]

_RENEW_SECONDS = 300
_TIMEOUT = ClientTimeout(total=30)


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in."""

    name: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a browser keeps to stay signed in; `expires` in seconds since 1970."""

    access: str
    refresh: str
    expires: float


class RestError(Exception):
    """Home Assistant refused a request."""


class Rest:
    """Requests with a token that renews itself."""

    def __init__(self, session: ClientSession, url: str) -> None:
        """Talk to the Home Assistant at `url`, without a slash at its end."""
        self.url = url
        self._session = session
        self._tokens: Tokens | None = None

    @property
    def client_id(self) -> str:
        """How a browser names itself when it signs in: by the page it shows."""
        return f"{self.url}/"

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a token; tokens outlive a restart of Home Assistant."""
        return self._tokens is not None

    async def tokens(self) -> Tokens:
        """Tokens that are good for some minutes at least."""
        if self._tokens is None:
            raise RestError("not signed in")
        if self._tokens.expires - time() < _RENEW_SECONDS:
            answer = await self._token("refresh_token", self._tokens.refresh)
            self._keep({"refresh_token": self._tokens.refresh} | answer)
        return self._tokens

    async def sign_in(self, account: Account) -> None:
        """Make the account in a new Home Assistant, else sign in with it."""
        code = await self._create(account) or await self._log_in(account)
        self._keep(await self._token("code", code))

    async def get(self, path: str) -> Any:
        """The answer to GET."""
        return await self._authorized("GET", path)

    async def post(self, path: str, data: Json | None = None) -> Any:
        """The answer to POST."""
        return await self._authorized("POST", path, data or {})

    async def delete(self, path: str) -> Any:
        """The answer to DELETE."""
        return await self._authorized("DELETE", path)

    async def is_serving(self) -> bool:
        """Whether the server answers at all, signed in or not."""
        try:
            async with self._session.get(
                f"{self.url}/manifest.json", timeout=_TIMEOUT
            ) as answer:
                return answer.status == 200
        except ClientError, OSError:
            return False

    async def _create(self, account: Account) -> str | None:
        """Make the first account, as the welcome page does; its code to sign in."""
        async with self._session.get(f"{self.url}/api/onboarding") as answer:
            if answer.status == 404:  # all of it was done before this start
                return None
            steps = await answer.json()
        if any(step["step"] == "user" and step["done"] for step in steps):
            return None
        created = await self._request(
            "POST",
            "/api/onboarding/users",
            json={
                "name": account.name,
                "username": account.username,
                "password": account.password,
                "client_id": self.client_id,
                "language": "en",
            },
        )
        return str(created["auth_code"])

    async def _log_in(self, account: Account) -> str:
        """Fill in the login form; the code to sign in."""
        form = await self._request(
            "POST",
            "/auth/login_flow",
            json={
                "client_id": self.client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": self.client_id,
            },
        )
        done = await self._request(
            "POST",
            f"/auth/login_flow/{form['flow_id']}",
            json={
                "client_id": self.client_id,
                "username": account.username,
                "password": account.password,
            },
        )
        if done["type"] != "create_entry":
            raise RestError(f"cannot sign in as {account.username}: {done['errors']}")
        return str(done["result"])

    async def _token(self, kind: str, secret: str) -> Json:
        grant = "authorization_code" if kind == "code" else kind
        data = FormData(
            {"client_id": self.client_id, "grant_type": grant, kind: secret}
        )
        answer: Json = await self._request("POST", "/auth/token", data=data)
        return answer

    def _keep(self, answer: Json) -> None:
        self._tokens = Tokens(
            answer["access_token"],
            answer["refresh_token"],
            time() + float(answer["expires_in"]),
        )

    async def _authorized(
        self, method: str, path: str, data: Json | None = None
    ) -> Any:
        token = (await self.tokens()).access
        return await self._request(
            method, path, json=data, headers={"Authorization": f"Bearer {token}"}
        )

    async def _request(self, method: str, path: str, **parts: Any) -> Any:
        async with self._session.request(
            method, self.url + path, timeout=_TIMEOUT, **parts
        ) as answer:
            if answer.status >= 400:
                body = await answer.text()
                raise RestError(f"{method} {path}: {answer.status} {body[:500]}")
            return await answer.json()
