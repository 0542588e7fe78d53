"""Puts the contract, which lies outside this folder, into what is built of it."""

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CarryTheContract(BuildHookInterface[BuilderConfig]):
    """Lays what an installed verifier reads inside its package: there is no checkout around it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files of `openapi/` to hatchling, which refuses to build where one is missing.

        An editable installation reads them where they lie, and a source distribution has them in their place already.
        """
        if version == "editable" or (Path(self.root) / "PKG-INFO").is_file():
            return
        for name in self.config["files"]:
            build_data["force_include"][f"../openapi/{name}"] = f"secmaster_contract/_openapi/{name}"
        for name in self.config["packages"]:
            build_data["force_include"][f"../openapi/{name}"] = name
