"""Edits of the shipped contract, each with what has to come of it.

An edit is made on a parsed copy of the YAML, and of its ledger where a person who makes it has to touch rows as well.
It is either derived: the clauses that are new then, and those that a server of the contract as it was breaks; or it
permutes, and changes nothing; or it is refused at a pointer.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from openapi_contract import Contract
from openapi_contract.document import Document, join, read_yaml, split
from openapi_contract.ledger import Ledger
from test_contract.making import SHIPPED, SHIPPED_LEDGER

Root = dict[str, Any]
OPERATION = "updateWorkflowInstance"
MEDIA_TYPE = "application/json;charset=UTF-8"
INSTANCE = "/v1/{project_id}/workspaces/{workspace_id}/soc/workflows/instances/{instance_id}"
INSTANCES = INSTANCE.removesuffix("/{instance_id}")
PUT = join("paths", INSTANCE, "put")
BODY = PUT + "/requestBody"
CONTENT = BODY + join("content", MEDIA_TYPE)
SCHEMAS = "/components/schemas"
TASK_ID = f"{SCHEMAS}/TaskId"
DEBUG = f"{SCHEMAS}/ActionInstanceDebugCommand"
RESULT = f"{SCHEMAS}/UpdateWorkflowInstanceResult"
COMMANDS = tuple(f"body.command-type.{label}" for label in ("debug", "retry", "terminate"))
EXAMPLE_TASK = "b5848121-79a5-11f0-9f91-fa163ed04a7f"


@dataclass(frozen=True)
class Edit:
    """One edit: `change` alters the document, `rows` the ledger's rows of the operation.

    `clauses` are keys that are new, `gone` those that are no more. `blamed` are all clauses that a server of the old
    contract breaks under the new one, `advised` those of which it is a matter of advice; `by_hand` are those that the
    server written by hand breaks, where it differs from the mock. `unready` says that nothing can be told of such a
    server, and `refused` is the pointer of the refusal.
    """

    name: str
    change: Callable[[Root], None]
    clauses: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()
    advised: tuple[str, ...] = ()
    by_hand: tuple[str, ...] | None = None
    unready: bool = False
    gone: tuple[str, ...] = ()
    rows: Callable[[Root], None] | None = None
    permutes: bool = False
    refused: str | None = None

    @property
    def id(self) -> str:
        """The name of a test's case."""
        return self.name.replace(" ", "-")

    def document(self) -> Document:
        """Return the edited document."""
        root = copy.deepcopy(_shipped(SHIPPED))
        self.change(root)
        return Document(SHIPPED.name, root)

    def ledger(self) -> Root:
        """Return the edited ledger."""
        ledger = copy.deepcopy(_shipped(SHIPPED_LEDGER))
        if self.rows:
            self.rows(ledger["operations"][OPERATION]["clauses"])
        return ledger

    def read(self, directory: Path) -> Ledger:
        """Return the edited contract with its ledger, which is written into a directory."""
        path = directory / "clauses.yaml"
        path.write_text(yaml.safe_dump(self.ledger()), encoding="utf-8")
        return Ledger.load(Contract.of(self.document()), path)


@cache
def _shipped(path: Path) -> Root:
    root: Root = read_yaml(path)
    return root


def shipped() -> Contract:
    """Return the contract as it is shipped."""
    return Contract.of(Document(SHIPPED.name, copy.deepcopy(_shipped(SHIPPED))))


def put(pointer: str, value: Any) -> Callable[[Root], None]:
    """Return the edit that writes a value at a pointer; `-` as its last part appends to a list."""

    def change(root: Root) -> None:
        *way, last = split(pointer)
        node: Any = root
        for token in way:
            node = node[int(token)] if isinstance(node, list) else node[token]
        if last == "-":
            node.append(value)
        else:
            node[last] = copy.deepcopy(value)

    return change


def drop(pointer: str) -> Callable[[Root], None]:
    """Return the edit that takes away what is at a pointer."""

    def change(root: Root) -> None:
        *way, last = split(pointer)
        node: Any = root
        for token in way:
            node = node[token]
        del node[last]

    return change


def both(*changes: Callable[[Root], None]) -> Callable[[Root], None]:
    """Return the edit that makes several."""

    def change(root: Root) -> None:
        for own in changes:
            own(root)

    return change


def without(*keys: str) -> Callable[[Root], None]:
    """Return the edit that deletes rows of the ledger."""

    def change(rows: Root) -> None:
        for key in keys:
            del rows[key]

    return change


def pointing(*pairs: tuple[str, str]) -> Callable[[Root], None]:
    """Return the edit that replaces parts of the pointers of rows."""

    def change(rows: Root) -> None:
        for row in rows.values():
            listed = row["pointer"] if isinstance(row["pointer"], list) else [row["pointer"]]
            for old, new in pairs:
                listed = [pointer.replace(old, new) for pointer in listed]
            row["pointer"] = listed

    return change


def reversed_keys(*pointers: str) -> Callable[[Root], None]:
    """Return the edit that turns the order of objects and lists round."""

    def change(root: Root) -> None:
        for pointer in pointers:
            *way, last = split(pointer)
            node: Any = root
            for token in way:
                node = node[token]
            own = node[last]
            node[last] = own[::-1] if isinstance(own, list) else dict(reversed(own.items()))

    return change


def field(name: str, schema: Any, *, required: bool = False, example: Any = None) -> Callable[[Root], None]:
    """Return the edit that gives the debug command a field; a mandatory one is added to its example, too."""
    changes = [put(f"{DEBUG}/properties/{name}", schema)]
    if required:
        changes += [put(f"{DEBUG}/required/-", name), put(f"{CONTENT}/examples/debug/value/{name}", example)]
    return both(*changes)


def parameter(name: str, place: str, schema: Any, **more: Any) -> Callable[[Root], None]:
    """Return the edit that gives the operation a parameter."""
    return put(f"{PUT}/parameters/-", {"name": name, "in": place, "schema": schema, **more})


def answer_field(name: str, schema: Any, example: Any, *, required: bool = False) -> Callable[[Root], None]:
    """Return the edit that gives the answer of success a field, in its examples too."""
    examples = f"{PUT}/responses/200/content/application~1json/examples"
    changes = [
        put(f"{RESULT}/properties/{name}", schema),
        *(put(f"{examples}/{own}/value/{name}", example) for own in ("success", "failure")),
    ]
    return both(*changes, *([put(f"{RESULT}/required", [name])] if required else []))


def operation(name: str, method: str, **more: Any) -> Root:
    """Return an operation that answers 200 with an object, at a path with the three identifiers."""
    names = ("ProjectId", "WorkspaceId", "InstanceId") if method != "list" else ("ProjectId", "WorkspaceId")
    return {
        "operationId": name,
        "security": [{"XAuthToken": []}],
        "parameters": [{"$ref": f"#/components/parameters/{own}"} for own in names],
        "responses": {
            "200": {
                "description": "Done.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["id"],
                            "properties": {"id": {"type": "string"}, "retry_count": {"type": "integer", "minimum": 0}},
                        }
                    }
                },
            },
            "400": {"description": "Rejected."},
        },
        **more,
    }


def paged_list() -> Root:
    """Return a paged list of instances."""
    own = operation("listWorkflowInstances", "list")
    own["parameters"] += [
        {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": 10000}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
        {"name": "status", "in": "query", "schema": {"type": "string", "enum": ["RUNNING", "FAILED"]}},
    ]
    own["responses"]["200"]["content"]["application/json"]["schema"] = {
        "type": "object",
        "required": ["count", "instances"],
        "properties": {
            "count": {"type": "integer", "minimum": 0},
            "instances": {
                "type": "array",
                "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
            },
        },
    }
    return {"get": own}


def note_operation() -> Root:
    """Return a second operation that acts."""
    body = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "maxLength": 200}}}
    content = {"required": True, "content": {"application/json": {"schema": body}}}
    own = operation("addNote", "post", requestBody=content)
    own["responses"] = {"201": {"description": "Added."}, "400": {"description": "Rejected."}}
    return {"post": own}


def new_command(root: Root) -> None:
    """Add a command with a field of its own."""
    name = "ActionInstancePauseCommand"
    root["components"]["schemas"][name] = {
        "title": name,
        "type": "object",
        "x-effect": "repeatable",
        "required": ["command_type", "seconds"],
        "properties": {
            "command_type": {"type": "string", "const": name},
            "seconds": {"type": "integer", "minimum": 1, "maximum": 3600},
        },
    }
    union = root["components"]["schemas"]["WorkflowInstanceCommand"]
    union["oneOf"].append({"$ref": f"#/components/schemas/{name}"})
    union["discriminator"]["mapping"][name] = f"#/components/schemas/{name}"


def no_debug(root: Root) -> None:
    """Take the debug command away."""
    union = root["components"]["schemas"]["WorkflowInstanceCommand"]
    del root["components"]["schemas"]["ActionInstanceDebugCommand"]
    del union["oneOf"][2]
    del union["discriminator"]["mapping"]["ActionInstanceDebugCommand"]
    del Document("", root).at(f"{CONTENT}/examples")["debug"]


def rows_without_debug(rows: Root) -> None:
    """Delete the rows of the debug command, and its pointers in others."""
    for key, row in list(rows.items()):
        listed = row["pointer"] if isinstance(row["pointer"], list) else [row["pointer"]]
        kept = [pointer for pointer in listed if "DebugCommand" not in pointer and "examples/debug" not in pointer]
        if kept:
            row["pointer"] = kept
        else:
            del rows[key]


def renamed_discriminator(root: Root) -> None:
    """Call command_type `action`."""
    schemas = root["components"]["schemas"]
    schemas["WorkflowInstanceCommand"]["discriminator"]["propertyName"] = "action"
    for name in ("Terminate", "Retry", "Debug"):
        schema = schemas[f"ActionInstance{name}Command"]
        schema["properties"] = {"action": schema["properties"].pop("command_type"), **schema["properties"]}
        schema["required"] = ["action", *schema["required"][1:]]
    for example in Document("", root).at(f"{CONTENT}/examples").values():
        example["value"] = {"action": example["value"].pop("command_type"), **example["value"]}


def other_spelling(root: Root) -> None:
    """Spell the media type of the body otherwise."""
    body = Document("", root).at(BODY)
    body["content"] = {'Application/JSON; Charset="utf-8"': body["content"].pop(MEDIA_TYPE)}


def composed_command(root: Root) -> None:
    """State the two fields of the debug command in a part of their own."""
    debug = root["components"]["schemas"]["ActionInstanceDebugCommand"]
    properties = debug["properties"]
    names = ("task_id", "input_dataobject")
    part = {"type": "object", "required": [*names], "properties": {name: properties.pop(name) for name in names}}
    root["components"]["schemas"]["NodeResult"] = part
    debug["required"] = ["command_type"]
    debug["allOf"] = [{"$ref": "#/components/schemas/NodeResult"}]


def inlined_answer(root: Root) -> None:
    """Write a response component where it is used."""
    Document("", root).at(f"{PUT}/responses")["404"] = root["components"]["responses"].pop("NotFound")


NOTIFY = {
    "type": "object",
    "required": ["level"],
    "properties": {
        "level": {"type": "string", "enum": ["info", "alarm"]},
        "to": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["address"],
                "properties": {"address": {"type": "string", "format": "email"}},
            },
        },
    },
}
DERIVED = [
    # a keyword on task_id
    *(
        Edit(f"{word} on task_id", put(f"{TASK_ID}/{word}", value), (key,), (key,))
        for word, value, key in (
            ("maxLength", 36, "body.task-id.max-length"),
            ("minLength", 36, "body.task-id.min-length"),
            ("pattern", "^[0-9a-f-]+$", "body.task-id.pattern"),
            ("format", "uuid", "body.task-id.format"),
            ("enum", [EXAMPLE_TASK, "other"], "body.task-id.enum"),
            ("const", EXAMPLE_TASK, "body.task-id.const"),
        )
    ),
    Edit("task_id may be null", put(f"{TASK_ID}/type", ["string", "null"]), blamed=("body.task-id.type",)),
    Edit("task_id may be a number", put(f"{TASK_ID}/type", ["string", "integer"]), blamed=("body.task-id.type",)),
    Edit(
        "a limit in one command alone",
        put(f"{DEBUG}/properties/task_id", {"type": "string", "maxLength": 36}),
        ("body.task-id.max-length",),
        ("body.task-id.max-length",),
    ),
    # fields of each type
    Edit(
        "an integer field",
        field("priority", {"type": "integer", "minimum": 1, "maximum": 5}),
        ("body.priority.type", "body.priority.minimum", "body.priority.maximum", "body.priority.optional"),
        ("body.priority.type", "body.priority.minimum", "body.priority.maximum"),
        ("body.priority.null",),
    ),
    Edit(
        "an integer of 32 bits",
        field("serial", {"type": "integer", "format": "int32"}),
        ("body.serial.type", "body.serial.format"),
        ("body.serial.type", "body.serial.format"),
        ("body.serial.null",),
    ),
    Edit(
        "a number field",
        field("share", {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "multipleOf": 0.25}),
        ("body.share.exclusive-minimum", "body.share.exclusive-maximum", "body.share.multiple-of"),
        (
            "body.share.type",
            "body.share.exclusive-minimum",
            "body.share.exclusive-maximum",
            "body.share.multiple-of",
        ),
        ("body.share.null",),
    ),
    Edit(
        "a boolean field",
        field("dry_run", {"type": "boolean"}),
        ("body.dry-run.type",),
        ("body.dry-run.type",),
        ("body.dry-run.null",),
    ),
    Edit(
        "an array field",
        field(
            "tags",
            {"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": True, "items": {"enum": list("abcd")}},
        ),
        ("body.tags.min-items", "body.tags.max-items", "body.tags.unique-items", "body.tags.items.enum"),
        (
            "body.tags.type",
            "body.tags.min-items",
            "body.tags.max-items",
            "body.tags.unique-items",
            "body.tags.items.enum",
        ),
        ("body.tags.null",),
    ),
    Edit(
        "an object field",
        field(
            "limits", {"type": "object", "minProperties": 1, "additionalProperties": {"type": "integer", "maximum": 9}}
        ),
        ("body.limits.type", "body.limits.min-properties", "body.limits.values.type", "body.limits.values.maximum"),
        ("body.limits.type", "body.limits.min-properties", "body.limits.values.type", "body.limits.values.maximum"),
        ("body.limits.null",),
    ),
    Edit(
        "a nested field",
        field("notify", NOTIFY),
        ("body.notify.level.enum", "body.notify.level.required", "body.notify.to.items.address.format"),
        (
            "body.notify.type",
            *(f"body.notify.level.{word}" for word in ("required", "type", "enum")),
            *(f"body.notify.to.{word}" for word in ("type", "min-items", "items.type")),
            *(f"body.notify.to.items.address.{word}" for word in ("required", "type", "format")),
        ),
        ("body.notify.null",),
    ),
    Edit(
        "a closed object",
        field("where", {"type": "object", "additionalProperties": False, "properties": {"zone": {"type": "string"}}}),
        ("body.where.additional-properties", "body.where.zone.type"),
        ("body.where.type", "body.where.additional-properties", "body.where.zone.type"),
        ("body.where.null",),
    ),
    Edit("a nullable field", field("note", {"type": ["string", "null"]}), ("body.note.type",), ("body.note.type",)),
    Edit(
        "alternatives in a field",
        field("retry_after", {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "format": "date-time"}]}),
        ("body.retry-after.any-of",),
        ("body.retry-after.any-of",),
    ),
    *(
        Edit(
            f"a field of format {name}",
            field("extra", {"type": "string", "format": name}),
            (key,),
            ("body.extra.type", key),
            ("body.extra.null",),
        )
        for name in ("date-time", "date", "uuid", "uri", "email")
        for key in ("body.extra.format",)
    ),
    Edit(
        "a mandatory integer field",
        field("step", {"type": "integer", "minimum": 1}, required=True, example=1),
        ("body.step.required", "body.step.type", "body.step.minimum"),
        ("body.step.required", "body.step.type", "body.step.minimum"),
    ),
    Edit(
        "a field that needs another",
        both(
            field("reason", {"type": "string"}),
            field("reason_code", {"type": "integer"}),
            put(f"{DEBUG}/dependentRequired", {"reason_code": ["reason"]}),
        ),
        ("body.reason-code.dependent-required",),
        ("body.reason-code.dependent-required", "body.reason-code.type", "body.reason.type"),
        ("body.reason-code.null", "body.reason.null"),
    ),
    Edit(
        "no undocumented property",
        put(f"{DEBUG}/additionalProperties", False),
        ("body.additional-properties",),
        ("body.additional-properties",),
    ),
    Edit(
        "another effect",
        put(f"{DEBUG}/x-effect", "repeatable"),
    ),
    # commands
    Edit(
        "a new command",
        new_command,
        ("body.command-type.pause", "body.seconds.required", "body.seconds.minimum", "body.seconds.maximum"),
        ("body.command-type.pause",),
    ),
    Edit(
        "a removed command", no_debug, gone=("body.command-type.debug", "body.example.debug"), rows=rows_without_debug
    ),
    Edit(
        "a renamed discriminator",
        renamed_discriminator,
        rows=pointing(("/command_type", "/action")),
        blamed=COMMANDS,
    ),
    Edit(
        "a composed command",
        composed_command,
        rows=pointing(
            ("DebugCommand/required/", "DebugCommand/allOf/0/required/"),
            ("DebugCommand/allOf/0/required/command_type", "DebugCommand/required/command_type"),
            ("DebugCommand/properties/task_id", "DebugCommand/allOf/0/properties/task_id"),
            ("DebugCommand/properties/input_dataobject", "DebugCommand/allOf/0/properties/input_dataobject"),
        ),
    ),
    Edit(
        "a field that debug need not have",
        lambda root: Document("", root).at(DEBUG)["required"].remove("input_dataobject"),
        blamed=("body.input-dataobject.optional",),
        gone=("body.input-dataobject.mandatory-for-debug", "body.command-type.debug-needs-both"),
        rows=without(
            "body.input-dataobject.mandatory-for-debug",
            "body.input-dataobject.unrestricted",
            "body.command-type.debug-needs-both",
        ),
    ),
    Edit(
        "a mandatory field of retry",
        both(
            put(f"{SCHEMAS}/ActionInstanceRetryCommand/required/-", "task_id"),
            put(f"{CONTENT}/examples/retry/value/task_id", EXAMPLE_TASK),
        ),
        ("body.task-id.required",),
        ("body.task-id.required",),
    ),
    # parameters
    Edit(
        "a query parameter with limits",
        parameter("trace-level", "query", {"type": "integer", "minimum": 0, "maximum": 3}),
        (
            "query.trace-level.type",
            "query.trace-level.minimum",
            "query.trace-level.maximum",
            "query.trace-level.optional",
        ),
        ("query.trace-level.type", "query.trace-level.minimum", "query.trace-level.maximum"),
    ),
    Edit(
        "a mandatory query parameter",
        parameter("dry_run", "query", {"type": "boolean"}, required=True),
        ("query.dry-run.required", "query.dry-run.type"),
        ("query.dry-run.required", "query.dry-run.type"),
    ),
    Edit(
        "a list in the query",
        parameter("tag", "query", {"type": "array", "minItems": 2, "uniqueItems": True, "items": {"type": "string"}}),
        ("query.tag.min-items", "query.tag.unique-items"),
        ("query.tag.min-items", "query.tag.unique-items"),
    ),
    Edit(
        "a mandatory header",
        parameter("X-Reason", "header", {"type": "string", "enum": ["drill", "incident"]}, required=True),
        ("headers.x-reason.required", "headers.x-reason.enum"),
        ("headers.x-reason.required", "headers.x-reason.enum"),
    ),
    Edit(
        "a header with a date",
        parameter("X-Not-After", "header", {"type": "string", "format": "date"}),
        ("headers.x-not-after.format", "headers.x-not-after.optional"),
        ("headers.x-not-after.format",),
    ),
    Edit(
        "a cookie",
        parameter("session", "cookie", {"type": "string", "minLength": 8}),
        ("cookies.session.min-length", "cookies.session.optional"),
        ("cookies.session.min-length",),
    ),
    Edit(
        "a pattern on a path parameter",
        put("/components/parameters/ProjectId/schema/pattern", "^[0-9a-z-]+$"),
        ("uri.project-id.pattern",),
        ("uri.project-id.pattern",),
    ),
    Edit(
        "a length of a path parameter",
        put("/components/parameters/InstanceId/schema/maxLength", 36),
        ("uri.instance-id.max-length",),
        ("uri.instance-id.max-length",),
    ),
    Edit(
        "parameters of the path",
        lambda root: root["paths"][INSTANCE].update(parameters=root["paths"][INSTANCE]["put"].pop("parameters")),
    ),
    # operations
    Edit(
        "a GET beside the PUT",
        put(join("paths", INSTANCE, "get"), operation("showWorkflowInstance", "get")),
        (
            "show-workflow-instance.uri.operation",
            "show-workflow-instance.result.id.required",
            "show-workflow-instance.result.retry-count.minimum",
        ),
        by_hand=("show-workflow-instance.uri.operation",),  # the mock shows instances, though no rule asks for it
    ),
    Edit(
        "a paged list",
        put(join("paths", INSTANCES), paged_list()),
        (
            "list-workflow-instances.query.limit.maximum",
            "list-workflow-instances.query.status.enum",
            "list-workflow-instances.result.instances.items.id.required",
        ),
        ("list-workflow-instances.uri.operation",),
    ),
    Edit(
        "a second acting operation",
        put(join("paths", INSTANCE + "/notes"), note_operation()),
        ("add-note.body.text.max-length", "add-note.body.text.required", "add-note.result.status"),
        ("add-note.uri.operation",),
    ),
    Edit(
        "a DELETE",
        put(
            join("paths", INSTANCE, "delete"),
            operation("deleteWorkflowInstance", "delete", responses={"204": {"description": "Gone."}}),
        ),
        ("delete-workflow-instance.uri.operation", "delete-workflow-instance.result.status"),
        ("delete-workflow-instance.uri.operation",),
    ),
    # answers
    Edit(
        "a new answer field",
        answer_field("accepted_by", {"type": "string"}, "node"),
        ("result.accepted-by.type",),
        advised=("result.complete",),
    ),
    Edit(
        "a mandatory answer field",
        answer_field("accepted_by", {"type": "string"}, "node", required=True),
        ("result.accepted-by.required", "result.accepted-by.type"),
        ("result.accepted-by.required",),
    ),
    Edit(
        "an answer field with limits",
        answer_field("state", {"type": "string", "enum": ["queued", "done"]}, "done", required=True),
        ("result.state.enum", "result.state.required"),
        ("result.state.required",),
    ),
    Edit(
        "a nested answer field",
        answer_field(
            "node",
            {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 1}}},
            {"id": 1},
            required=True,
        ),
        ("result.node.required", "result.node.id.required", "result.node.id.minimum"),
        ("result.node.required",),
    ),
    Edit(
        "a limit of an answer field",
        put(f"{RESULT}/properties/code/pattern", r"^(SecMaster\.)?[0-9]{8}$"),
        ("result.code.pattern",),
    ),
    Edit(
        "a mandatory field of the rejection",
        put(f"{SCHEMAS}/ErrorResponse/required", ["code"]),
        ("error.code.required",),
    ),
    Edit(
        "a mandatory answer header",
        put(f"{PUT}/responses/200/headers/X-Node", {"required": True, "schema": {"type": "integer", "minimum": 1}}),
        ("result.x-node.required", "result.x-node.type", "result.x-node.minimum"),
        ("result.x-node.required",),
    ),
    Edit(
        "an answer 202",
        put(
            f"{PUT}/responses/202",
            {
                "description": "Under way.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["due"],
                            "properties": {"due": {"type": "string", "format": "date"}},
                        }
                    }
                },
            },
        ),
        ("answer-202.due.required", "answer-202.due.format"),
    ),
    Edit(
        "an answer 204 alone",
        lambda root: (
            root["paths"][INSTANCE]["put"]["responses"].update(
                {"204": {"description": "Done."}, "200": root["paths"][INSTANCE]["put"]["responses"].pop("200")}
            )
            or root["paths"][INSTANCE]["put"]["responses"].pop("200")
        ),
        gone=("result.body", "result.complete", "result.success.true"),
        rows=both(
            without(
                *(
                    "result.body",
                    "result.code.type",
                    "result.message.type",
                    "result.success.type",
                    "result.success.true",
                ),
                *("result.request-id.type", "result.complete", "result.unrestricted", "result.example"),
            ),
            pointing(("/responses/200", "/responses/204")),
        ),
        blamed=("result.status",),
    ),
    Edit(
        "another status of rejection",
        lambda root: root["paths"][INSTANCE]["put"]["responses"].update(
            {"422": root["paths"][INSTANCE]["put"]["responses"].pop("400")}
        ),
        rows=pointing(("/responses/400", "/responses/422")),
        blamed=("error.status",),
    ),
    Edit("an answer where it is used", inlined_answer),
    # tokens, success, media type
    Edit(
        "no token",
        put(f"{PUT}/security", []),
        blamed=COMMANDS,
        gone=("headers.x-auth-token.mandatory", "guard.authentication-first"),
        rows=without(
            "headers.x-auth-token.mandatory", "headers.x-auth-token.user-token", "headers.x-auth-token.in-header"
        ),
    ),
    Edit(
        "a bearer token",
        put("/components/securitySchemes/XAuthToken", {"type": "http", "scheme": "bearer"}),
        unready=True,
    ),
    Edit(
        "another header of the token",
        put("/components/securitySchemes/XAuthToken/name", "X-Api-Key"),
        unready=True,
    ),
    Edit(
        "another field of success",
        both(
            drop(f"{RESULT}/properties/success/x-succeeded-when"),
            put(f"{RESULT}/properties/code/x-succeeded-when", "00000000"),
        ),
        ("result.code.success",),
        gone=("result.success.true",),
        rows=without("result.success.true"),
    ),
    Edit(
        "another spelling of the media type",
        other_spelling,
        rows=pointing(("application~1json;charset=UTF-8", 'Application~1JSON; Charset="utf-8"')),
    ),
    Edit(
        "another media type",
        lambda root: (
            Document("", root)
            .at(BODY)
            .update(content={"application/vnd.huawei+json": Document("", root).at(BODY)["content"][MEDIA_TYPE]})
        ),
        rows=pointing(("application~1json;charset=UTF-8", "application~1vnd.huawei+json")),
        blamed=COMMANDS,  # by a 400, which does not say why; a 415 does
        by_hand=("headers.content-type.literal",),
    ),
]
PERMUTED = [
    Edit(name, change, permutes=True)
    for name, change in (
        ("the union reversed", reversed_keys(f"{SCHEMAS}/WorkflowInstanceCommand/oneOf")),
        ("the mapping reversed", reversed_keys(f"{SCHEMAS}/WorkflowInstanceCommand/discriminator/mapping")),
        ("properties reversed", reversed_keys(f"{DEBUG}/properties", f"{RESULT}/properties")),
        ("required reversed", reversed_keys(f"{DEBUG}/required")),
        ("parameters reversed", reversed_keys(f"{PUT}/parameters")),
        ("examples reversed", reversed_keys(f"{CONTENT}/examples")),
        ("answers reversed", reversed_keys(f"{PUT}/responses")),
        ("components reversed", reversed_keys("/components", SCHEMAS, "/components/responses")),
        ("keys reversed", reversed_keys(DEBUG, PUT, BODY)),
    )
]
REFUSED = [
    Edit(name, change, refused=pointer)
    for name, change, pointer in (
        ("if", put(f"{DEBUG}/if", {"required": ["task_id"]}), f"{DEBUG}/if"),
        ("then", put(f"{DEBUG}/then", {"required": ["task_id"]}), f"{DEBUG}/then"),
        ("not", put(f"{TASK_ID}/not", {"const": "x"}), f"{TASK_ID}/not"),
        ("nullable", put(f"{TASK_ID}/nullable", value=True), f"{TASK_ID}/nullable"),
        ("pattern properties", put(f"{DEBUG}/patternProperties", {"^x": {}}), f"{DEBUG}/patternProperties"),
        ("a keyword of another type", put(f"{TASK_ID}/maximum", 3), f"{TASK_ID}/maximum"),
        ("a keyword misspelt", put(f"{TASK_ID}/maxLenght", 3), f"{TASK_ID}/maxLenght"),
        ("a limit that the example breaks", put(f"{TASK_ID}/maxLength", 10), f"{CONTENT}/examples/debug/value"),
        ("a field that the example lacks", put(f"{DEBUG}/required/-", "x"), f"{DEBUG}/required/x"),
        ("an unknown format", put(f"{TASK_ID}/format", "snowflake"), f"{TASK_ID}/format"),
        ("a faulty pattern", put(f"{TASK_ID}/pattern", "["), f"{TASK_ID}/pattern"),
        ("a boolean schema", put(f"{DEBUG}/properties/task_id", value=True), f"{DEBUG}/properties/task_id"),
        (
            "a recursive schema",
            put(f"{DEBUG}/properties/again", {"$ref": f"#{DEBUG}"}),
            f"{DEBUG}/properties/again",
        ),
        (
            "a reference to a file",
            put(f"{DEBUG}/properties/task_id", {"$ref": "task.yaml"}),
            f"{DEBUG}/properties/task_id/$ref",
        ),
        (
            "a reference to nothing",
            put(f"{DEBUG}/properties/task_id", {"$ref": "#/x"}),
            f"{DEBUG}/properties/task_id/$ref",
        ),
        (
            "a limit beside a reference",
            put(f"{DEBUG}/properties/task_id/maxLength", 3),
            f"{DEBUG}/properties/task_id/maxLength",
        ),
        ("an alternative that selects nothing", drop(f"{DEBUG}/properties/command_type/const"), DEBUG),
        (
            "a mapping that leaves one out",
            drop(f"{SCHEMAS}/WorkflowInstanceCommand/discriminator/mapping/ActionInstanceDebugCommand"),
            f"{SCHEMAS}/WorkflowInstanceCommand/discriminator/mapping",
        ),
        (
            "two media types",
            put(f"{BODY}/content/application~1json", {"schema": {"type": "object"}}),
            f"{BODY}/content",
        ),
        (
            "multipart",
            put(f"{BODY}/content", {"multipart/form-data": {"schema": {"type": "object"}}}),
            f"{BODY}/content/multipart~1form-data",
        ),
        ("callbacks", put(f"{PUT}/callbacks", {}), f"{PUT}/callbacks"),
        ("webhooks", put("/webhooks", {}), "/webhooks"),
        ("OpenAPI 3.0", put("/openapi", "3.0.3"), "/openapi"),
        (
            "oauth2",
            put("/components/securitySchemes/XAuthToken", {"type": "oauth2", "flows": {}}),
            "/components/securitySchemes/XAuthToken",
        ),
        ("a token or none", put(f"{PUT}/security/-", {}), f"{PUT}/security"),
        ("a path parameter less", drop("/components/parameters/InstanceId"), f"{PUT}/parameters/2/$ref"),
        ("an object as parameter", parameter("filter", "query", {"type": "object"}), f"{PUT}/parameters/3/schema/type"),
        ("a header that HTTP has", parameter("Content-Type", "header", {"type": "string"}), f"{PUT}/parameters/3"),
        (
            "a name for two operations",
            put(join("paths", INSTANCE, "get"), operation(OPERATION, "get")),
            f"{PUT}/operationId",
        ),
        (
            "no answer of success",
            lambda root: root["paths"][INSTANCE]["put"]["responses"].pop("200"),
            f"{PUT}/responses",
        ),
        (
            "an answer in text",
            put(f"{PUT}/responses/400/content", {"text/plain": {"schema": {}}}),
            f"{PUT}/responses/400/content/text~1plain",
        ),
    )
]
EDITS = [*DERIVED, *PERMUTED, *REFUSED]
