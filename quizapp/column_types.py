"""Types of columns: how ids, times, numbers, closed sets and JSON are stored on both databases. Knows no table."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, LargeBinary, Text, TypeDecorator, Uuid
from sqlalchemy.types import TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NO_ZONE = "a datetime without a zone cannot be stored"

Value = TypeVar("Value")


class CompactUuid(TypeDecorator[UUID]):
    """A UUID: PostgreSQL's own type there, 16 bytes on SQLite. As 32 hex digits it would be half of an index entry."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(LargeBinary() if dialect.name == "sqlite" else Uuid())

    def literal_processor(self, dialect: Dialect) -> Any:
        # SQLAlchemy 2.1.9 writes bytes as a text: an error for most ids, and for the others a value that equals none.
        return (lambda value: f"X'{value.hex}'") if dialect.name == "sqlite" else super().literal_processor(dialect)

    # Not `process_bind_param`: what SQLAlchemy 2.1.9 puts around that takes twice as long as this, for each value.
    def bind_processor(self, dialect: Dialect) -> Any:
        return _bytes_of if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _uuid_of if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _bytes_of(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _uuid_of(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC: PostgreSQL's own type there, the microseconds since 1970 as an integer on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _microseconds_of(value)
        if value.tzinfo is None:
            raise ValueError(_NO_ZONE)
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return _time_of(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    # As of CompactUuid.
    def bind_processor(self, dialect: Dialect) -> Any:
        return _microseconds_of if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _time_of if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _microseconds_of(value: datetime | None) -> int | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(_NO_ZONE)
    return (value - _EPOCH) // _MICROSECOND


def _time_of(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


class NumberOf(TypeDecorator[IntEnum]):
    """A member of an IntEnum, stored as its number."""

    impl = Integer
    cache_ok = True

    def __init__(self, kind: type[IntEnum]) -> None:
        super().__init__()
        self.kind = kind
        self._members: dict[int | None, IntEnum | None] = {None: None, **{int(member): member for member in kind}}

    def process_bind_param(self, value: IntEnum | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    # Not `process_result_value`, nor a call of the enumeration: a look into a table takes a tenth of either, and a
    # rebuild of all cards reads a number for each review. Raises KeyError for a number of no member.
    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return self._members.__getitem__


class JsonOf(TypeDecorator[Value]):
    """A frozen dataclass, stored as the JSON data that `to_json` makes of it and `from_json` reads."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(
        self, to_json: Callable[[Value], dict[str, Any]], from_json: Callable[[Mapping[str, Any]], Value]
    ) -> None:
        super().__init__()
        self.to_json = to_json
        self.from_json = from_json

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else self.to_json(value)

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Value | None:
        return None if value is None else self.from_json(value)


class TextOf(TypeDecorator[Value]):
    """A frozen dataclass, stored as the text that `to_text` makes of it. PostgreSQL compares texts, and JSON not."""

    impl = Text
    cache_ok = True

    def __init__(self, to_text: Callable[[Value], str], from_text: Callable[[str], Value]) -> None:
        super().__init__()
        self.to_text = to_text
        self.from_text = from_text

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> str | None:
        return None if value is None else self.to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Value | None:
        return None if value is None else self.from_text(value)


def enum_column(kind: type[StrEnum], *, name: str, codes: Mapping[Any, str] | None = None) -> Enum:
    """A column type that stores the values of `kind` as text, with a check constraint called `name`.

    Where there are very many rows, `codes` gives what to store for each instead: one letter.
    """
    return Enum(
        kind,
        native_enum=False,
        length=24 if codes is None else 1,
        name=name,
        create_constraint=True,
        values_callable=lambda members: [member.value if codes is None else codes[member] for member in members],
    )


def refuse_bare_types(dialect: Dialect) -> None:
    """Make SQLite's dialect refuse ids and times that are bound without a column's type: they would equal none."""
    dialect.colspecs = {**dialect.colspecs, Uuid: _BareUuid, DateTime: _BareDateTime}


def _refuse(value: Any) -> Any:
    if isinstance(value, UUID | datetime):
        raise TypeError(f"{value!r} has no column's type here: give it CompactUuid() or UtcDateTime(), as by literal()")
    return value


class _BareUuid(Uuid[Any]):
    """What SQLAlchemy takes a UUID for that is bound without a column's type. SQLite would compare its hex digits."""

    def bind_processor(self, dialect: Dialect) -> Any:
        return _refuse


class _BareDateTime(DateTime):
    """What SQLAlchemy takes a datetime for that is bound without a column's type. SQLite would store a text."""

    def bind_processor(self, dialect: Dialect) -> Any:
        return _refuse
