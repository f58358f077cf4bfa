"""Ready profiles: layers that tighten the policy of every domain, class by class of a regulation."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ragslm.errors import ConfigError
from ragslm.settings import Action


@dataclass(frozen=True, slots=True)
class Demand:
    """What a profile asks for one entity type, and under which class of its regulation."""

    entity: str
    action: Action
    name: str


class _Class(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="As the regulation counts it.")
    actions: dict[str, Action] = Field(description="What happens to each entity type, at least.")


class Profile(BaseModel):
    """One ready profile, as in its YAML file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(description="The regulation, with its paragraph.")
    threshold: float = Field(1.0, ge=0, le=1, description="Confidence from which a finding counts, at most.")
    forget_authentication: bool = Field(False, description="As `privacy.forget_authentication`.")
    classes: tuple[_Class, ...]

    def demands(self) -> tuple[Demand, ...]:
        """Every action that is asked for, in the order of the file."""
        return tuple(Demand(e, a, one.name) for one in self.classes for e, a in one.actions.items())


@cache
def load_profile(name: str) -> Profile:
    """A ready profile by its name.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in profile_names():
        raise ConfigError(
            f"privacy.profiles names {name!r}; ready profiles are {', '.join(profile_names())}."
        )
    text = (files("ragslm.privacy") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    found: Any = yaml.safe_load(text)
    try:
        return Profile.model_validate(found)
    except ValidationError as error:
        raise ConfigError(f"Ready profile {name!r} is damaged: {error.error_count()} values.") from None


@cache
def profile_names() -> tuple[str, ...]:
    """Names of the ready profiles, sorted."""
    folder = files("ragslm.privacy") / "data"
    return tuple(sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")))
