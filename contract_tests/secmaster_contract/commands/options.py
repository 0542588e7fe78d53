"""The options of `secmaster-contract verify`: each may come from the environment and from a TOML file as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from secmaster_contract.commands import configuration
from secmaster_contract.commands.contracts import CONTRACT, LEDGER, OPERATIONS
from secmaster_contract.commands.sections import Section, names, option, read_by
from secmaster_contract.run.gate import read_rate
from secmaster_contract.run.spelling import named
from secmaster_contract.shipped import shipped_contract
from secmaster_contract.vectors.search.budget import Budget

_FILE = click.Path(path_type=Path, dir_okay=False)
_DIRECTORY = click.Path(path_type=Path, file_okay=False)


_CONFIG = click.Option(
    ["--config"],
    metavar="FILE",
    type=click.Path(path_type=Path),
    envvar="SECMASTER_CONFIG",
    is_eager=True,
    expose_value=False,
    callback=configuration.load_file,
    help="TOML file with any of these options.",
)

OF_THE_CONTRACT = Section(
    "Contract",
    tuple(
        option(name, **more) for name, more in (("contract", CONTRACT), ("ledger", LEDGER), ("operations", OPERATIONS))
    ),
)

OF_THE_CONNECTION = Section(
    "Token and connection",
    (
        option(
            "token",
            metavar="TOKEN",
            help="User token. Better given by the environment or --token-file: a command line is no secret.",
        ),
        option(
            "token-file",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="File that holds the token and nothing else; - is stdin.",
        ),
        option("ca", type=_FILE, help="Certificate authorities to trust, PEM."),
        option("insecure", is_flag=True, help="Do not verify TLS. Whoever sits in between reads the token."),
        option(
            "proxy", metavar="URL", help="HTTP proxy. Default: HTTPS_PROXY and its like; loopback is reached directly."
        ),
    ),
)


def _of_the_shipped_contract() -> Iterator[click.Option]:
    """Yield an option for each name of the shipped contract that a target may give a value to."""
    resources = {own.path_names[-1] for own in shipped_contract().operations if own.path_names and not own.reads}
    for name, described in named().items():
        text = " ".join(described.split()).partition(". ")[0].rstrip(".")
        if name in resources:
            more = "COMMAND=VALUE gives it to one command alone. May be repeated."
            yield option(name.replace("_", "-"), multiple=True, metavar="[COMMAND=]VALUE", help=f"{text}. {more}")
        else:
            yield option(name.replace("_", "-"), metavar="VALUE", help=f"{text}.")


OF_THE_TARGET = Section(
    "Target",
    (
        _CONFIG,
        click.Option(["--mock", "use_mock"], is_flag=True, help="Verify the embedded server, started on a free port."),
        click.Option(
            ["--or-mock"],
            is_flag=True,
            help="Verify the embedded server if none is named: by URL, SECMASTER_ENDPOINT or --config.",
        ),
        *_of_the_shipped_contract(),
        click.Option(
            ["--param", "params"],
            multiple=True,
            metavar="[COMMAND:]NAME=VALUE",
            help=(
                "Value of a parameter, or of a text field of bodies, for one command alone where one is named. May be "
                "repeated. Default: the contract's example."
            ),
        ),
    ),
)

OF_SAFETY = Section(
    "Safety and pace",
    (
        option(
            "treat-as",
            type=click.Choice(["live", "local"]),
            help="live: only harmless requests; local: all of them. Default: local on loopback, live elsewhere.",
        ),
        option(
            "allow",
            metavar="COMMAND,...",
            callback=names,
            help="Commands that may be carried out, such as retry,debug. Default: all locally, none on a live system.",
        ),
        option("max-requests", metavar="N", type=click.IntRange(1), help="Send no more requests than this."),
        option(
            "rate",
            metavar="N/s",
            callback=read_by(read_rate),
            help="Send no faster, such as 5/s. Default: 5/s on a live system.",
        ),
        option(
            "max-failed-auth",
            metavar="N",
            type=click.IntRange(1),
            help="After N rejected tokens, send one valid request (avoids an account lock). Default: 4 if live.",
        ),
        option(
            "timeout",
            metavar="SECONDS",
            type=click.FloatRange(0.1, 600),
            default=10.0,
            show_default=True,
            help="Seconds for one exchange, from the connection to the last byte.",
        ),
        option(
            "patience",
            metavar="SECONDS",
            type=click.FloatRange(0, 3600),
            default=30.0,
            show_default=True,
            help="Seconds in all to wait for a server that throttles.",
        ),
        option(
            "workers",
            metavar="N",
            type=click.IntRange(1, 32),
            default=4,
            show_default=True,
            help="Requests under way at once.",
        ),
        option("plan", is_flag=True, help="Print every request and why it would be sent; send none."),
    ),
)

OF_THE_CHECKS = Section(
    "What is checked",
    (
        option(
            "only",
            metavar="CLAUSE,...",
            callback=names,
            help="Clauses, or groups of them (body, http, ...), to check; the others are not.",
        ),
        option("skip", metavar="CLAUSE,...", callback=names, help="Clauses, or groups of them, not to check."),
        option("known", type=_FILE, help="TOML file of known issues, which do not fail the run."),
        click.Option(["--strict"], is_flag=True, envvar="SECMASTER_STRICT", help="Let advice fail the run."),
        click.Option(
            ["--require-all"],
            is_flag=True,
            envvar="SECMASTER_REQUIRE_ALL",
            help="End with 3 where clauses are not judged because their requests are withheld.",
        ),
    ),
)

OF_THE_ORDER = Section(
    "Order and search",
    (
        option(
            "list", "listing", is_flag=True, help="Print each vector: clause, what is expected, request; send none."
        ),
        option(
            "seed", metavar="N", type=click.IntRange(0), help="Seed of --shuffle and --fuzz. Default: drawn, and told."
        ),
        option("shuffle", is_flag=True, help="Send the vectors in an order drawn from the seed."),
        option(
            "repeat",
            metavar="N",
            type=click.IntRange(1, 100),
            default=1,
            show_default=True,
            help="Send the vectors so many times.",
        ),
        option(
            "fuzz",
            callback=read_by(Budget.parse),
            metavar="SECONDS|EXAMPLES",
            help="Search on with drawn requests, such as 20s or 500.",
        ),
        option("fuzz-database", type=_DIRECTORY, help="Directory that keeps the finds of --fuzz for the next one."),
    ),
)

OF_THE_REPORT = Section(
    "What is told and kept",
    (
        option("report", type=_DIRECTORY, help="Directory for all of the files below, and a pytest file a failure."),
        option("json", "json_file", type=_FILE, help="Write the verdict file."),
        option("junit", "junit_file", type=_FILE, help="Write JUnit XML, one test case a clause."),
        option("html", "html_file", type=_FILE, help="Write the page."),
        option("sarif", "sarif_file", type=_FILE, help="Write SARIF."),
        option("har", "har_file", type=_FILE, help="Write all traffic as HAR."),
        option(
            "cassette", "cassette_file", type=_FILE, help="Write all traffic as a cassette, for `replay` and VCR.py."
        ),
        option("journal", "journal_file", type=_FILE, help="Write each request down before it is sent (JSON lines)."),
        click.Option(["--quiet"], is_flag=True, help="Only the result."),
        click.Option(["--verbose"], is_flag=True, help="A line for each request too."),
    ),
)
