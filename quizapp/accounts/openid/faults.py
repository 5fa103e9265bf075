"""What goes wrong when somebody signs in by a provider, each with a sentence that says what to do. Pure.

The sentences are for the person at the page. What the operator needs to know beside them is in the log, by `detail`:
never a token, a code, a secret, or a text that the provider or a browser could choose.
"""

from quizapp.errors import Conflict, Forbidden, Unavailable

AGAIN_S = 10


class ProviderAway(Unavailable):
    """The provider does not answer in time, answers with an error, or says what no provider says."""

    title = "Signing in there does not work just now"

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(
            f"{name} does not answer as it should. Try again in a moment, or sign in with a password or a link.",
            retry_after_s=AGAIN_S,
        )
        self.detail = detail


class ProviderUnlike(Unavailable):
    """The provider, or what this installation was told of it, is not set up so that anybody could sign in."""

    title = "Signing in there is not set up rightly"

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(
            f"{name} and this site do not fit together. Whoever runs this site finds the reason in its log; until "
            "then, sign in with a password or a link.",
            retry_after_s=AGAIN_S,
        )
        self.detail = detail


class ClocksApart(Unavailable):
    """A token is over already, or not good yet: the clocks of the two machines differ by more than is allowed."""

    title = "The clocks differ"

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(
            f"The clock of this server and that of {name} are too far apart. Whoever runs this site has to set it; "
            "until then, sign in with a password or a link.",
            retry_after_s=AGAIN_S,
        )
        self.detail = detail


class TokenRefused(Forbidden):
    """What came is no token of this provider for this site and this sign-in."""

    title = "That sign-in cannot be trusted"

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"What came back from {name} is not for this sign-in. Nobody was signed in; begin again.")
        self.detail = detail


class BegunElsewhere(Forbidden):
    """The sign-in was not begun in this browser, or has been used up, or is one of too many that were begun."""

    title = "Begin this sign-in again"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This sign-in by {name} was not begun here, or was used already. Begin it again, in this browser."
        )


class NotAllowedThere(Forbidden):
    """The person or the provider said no."""

    title = "You are not signed in"

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"{name} did not let you in here ({code}). Try again, or ask whoever looks after it.")


class NotForThisSite(Forbidden):
    """The provider knows the person, and says no role that may enter here."""

    title = "This site is not open to you"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} knows you, but says nothing that lets you in here. Ask whoever runs this site.")


class NoAccountYet(Forbidden):
    """No account is linked to this identity, and none is opened by itself."""

    title = "There is no account for you yet"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No account here belongs to your sign-in by {name}. If you have one, sign in to it as before and link the "
            "two on its account page. Else ask an owner of this site to invite you."
        )


class LinkedElsewhere(Conflict):
    """The identity, or the account, is linked already."""

    title = "Linked already"
