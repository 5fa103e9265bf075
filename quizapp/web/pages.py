"""Blueprints of pages whose code is loaded when somebody first asks for one of them. Knows no page.

It is what Flask's documentation calls lazily loading views. Addresses, names and methods are known from the start, so
that `url_for` leads to pages that nobody has asked for yet; what draws a page, and all that it needs, is not. A web
process takes long to start and much memory if it loads everything, and most of them are never asked for most pages.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from flask import Blueprint


class Pages(Blueprint):
    """The pages of a room, by their address: each is a function, named by its module in the room, as `views.show`.

    The name of the function is the page's endpoint.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        url_prefix: str | None = None,
        shown: Mapping[str, str] | None = None,
        sent: Mapping[str, str] | None = None,
        connected: Mapping[str, str] | None = None,
    ) -> None:
        """`import_name` is that of a module of the room. `shown` answers GET, `sent` POST, `connected` a WebSocket."""
        super().__init__(name, import_name, url_prefix=url_prefix)
        room = import_name.rpartition(".")[0]
        for pages, options in (
            (shown, {"methods": ["GET"]}),
            (sent, {"methods": ["POST"]}),
            (connected, {"methods": ["GET"], "websocket": True}),
        ):
            for rule, where in (pages or {}).items():
                module, _, function = where.rpartition(".")
                self.add_url_rule(rule, view_func=LaterView(f"{room}.{module}", function), **options)


class LaterView:
    """A view that is imported when it is called, or asked what it declares, such as who may call it."""

    # Flask asks each view for these when it is registered; those of the product say none of them.
    required_methods = ()
    provide_automatic_options = None

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._view: Callable[..., Any] | None = None
        self.__name__ = name

    def __call__(self, **arguments: Any) -> Any:
        """What the view answers."""
        return (self._view or self.load())(**arguments)

    def __getattr__(self, name: str) -> Any:
        """What the view declares. Raises AttributeError if it does not."""
        if name.startswith("_"):  # Python and the libraries ask for these, and need no view for it
            raise AttributeError(name)
        return getattr(self.load(), name)

    def load(self) -> Callable[..., Any]:
        """The view itself. Raises ImportError if it cannot be imported."""
        try:
            self._view = view = getattr(import_module(self._module), self.__name__)
        except AttributeError as error:  # which would say of the view that it declares nothing
            raise ImportError(f"{self._module} has no view {self.__name__}") from error
        vars(self).update({name: said for name, said in vars(view).items() if not name.startswith("_")})
        return view  # type: ignore[no-any-return]
