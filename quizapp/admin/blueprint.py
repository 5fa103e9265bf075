"""The addresses under /content and /owner: editors change questions, all bring notes, owners see what runs."""

from typing import Any

from flask import Flask

from quizapp.web.pages import Pages

content = Pages(
    "admin",
    __name__,
    url_prefix="/content",
    shown={
        "": "views.index",
        "/new": "making_views.new_question",
        "/trail": "trail_views.show_trail",
        "/trail/<int:deed>": "trail_views.show_step",
        "/reports": "report_views.inbox",
        "/questions/<key>": "views.edit_question",
        "/questions/<key>/history": "views.question_history",
        "/comments": "comment_views.show_open",
        "/questions/<key>/comments": "comment_views.show_of_question",
        "/questions/<key>/place": "making_views.show_place",
        "/questions/<key>/kind": "making_views.show_kind",
        "/concepts": "concept_views.show_concepts",
        "/concepts/new": "concept_views.new_concept",
        "/concepts/<key>": "concept_views.edit_concept",
        "/concepts/<key>/place": "concept_views.show_concept_place",
        "/concepts/<key>/merge": "concept_views.show_merge",
        "/tags": "tag_views.show_tags",
    },
    sent={
        "/questions/<key>": "views.save_question",
        "/questions/<key>/settle": "views.settle_question",
        "/questions/<key>/preview": "views.preview_question",
        "/new": "making_views.make_question",
        "/new/preview": "making_views.preview_new",
        "/questions/<key>/duplicate": "making_views.duplicate_question",
        "/questions/<key>/place": "making_views.move_question",
        "/questions/<key>/kind": "making_views.change_kind",
        "/questions/<key>/stage": "making_views.set_stage",
        "/questions/<key>/still-right": "still_views.say_still_right",
        "/questions/<key>/delete": "making_views.delete_question",
        "/questions/<key>/restore": "making_views.restore_version",
        "/pictures": "picture_views.take_picture",
        "/questions/<key>/comments": "comment_views.say_of_question",
        "/questions/<key>/present": "presence_views.tell_of_question",
        "/comments/<int:comment>/resolve": "comment_views.resolve",
        "/many": "many_views.act",
        "/many/undo": "many_views.undo",
        "/reports/<int:report>/take": "report_views.take",
        "/reports/<int:report>/settle": "report_views.settle",
        "/trail/<int:deed>/again": "making_views.make_deleted_again",
        "/concepts/new": "concept_views.make_concept",
        "/concepts/preview": "concept_views.preview_concept",
        "/concepts/undo": "concept_views.undo_concept",
        "/concepts/<key>": "concept_views.save_concept",
        "/concepts/<key>/duplicate": "concept_views.duplicate_concept",
        "/concepts/<key>/place": "concept_views.move_concept",
        "/concepts/<key>/merge": "concept_views.merge_concept",
        "/concepts/<key>/retire": "concept_views.retire_concept",
        "/concepts/<key>/restore": "concept_views.restore_concept",
        "/concepts/<key>/delete": "concept_views.delete_concept",
        "/tags/rename": "tag_views.rename_tag",
        "/tags/remove": "tag_views.remove_tag",
        "/tags/undo": "tag_views.undo_tag",
    },
)

bringing = Pages(
    "imports",
    __name__,
    url_prefix="/content/import",
    shown={
        "": "import_views.show",
    },
    sent={
        "/preview": "import_views.show_preview",
        "/columns": "import_views.choose_columns",
        "": "import_views.store",
        "/<key>/retire": "import_views.retire",
        "/<key>/restore": "import_views.restore",
        "/<key>/offer": "import_views.offer",
        "/<key>/take-back": "import_views.take_back",
        "/<key>/publish": "import_views.publish",
    },
)

owner = Pages(
    "owner",
    __name__,
    url_prefix="/owner",
    shown={
        "": "owner_views.show",
        "/people/<uuid:user_id>": "owner_views.show_person",
        "/hosts": "running_views.show_hosts",
        "/sign-in": "provider_views.show_provider",
        "/list": "list_views.show_list",
    },
    sent={
        "/people": "owner_views.invite",
        "/people/<uuid:user_id>/role": "owner_views.set_role",
        "/people/<uuid:user_id>/link": "owner_views.make_link",
        "/people/<uuid:user_id>/sign-out": "owner_views.sign_out",
        "/people/<uuid:user_id>/deactivate": "owner_views.deactivate",
        "/people/<uuid:user_id>/activate": "owner_views.activate",
        "/people/<uuid:user_id>/second-factor/off": "owner_views.turn_off_second_factor",
        "/people/<uuid:user_id>/delete": "owner_views.delete",
        "/list/preview": "list_views.preview_list",
        "/list": "list_views.open_list",
        "/list/links": "list_views.download_links",
        "/people/<uuid:user_id>/unlink": "provider_views.unlink",
        "/hosts/<sandbox>/end": "running_views.end_host",
        "/backups": "running_views.make",
        "/backups/verify": "running_views.verify",
        "/backups/restore": "running_views.restore",
    },
)

note_editor = Pages(
    "note_editor",
    __name__,
    url_prefix="/content/notes",
    shown={
        "/<key>": "note_views.edit",
        "/<key>/history": "note_views.show_history",
        "/<key>/comments": "comment_views.show_of_note",
        "/<key>/draft": "draft_views.draft",
    },
    sent={
        "/<key>": "note_views.save",
        "/<key>/typed": "note_views.show_typed",
        "/<key>/comments": "comment_views.say_of_note",
        "/<key>/present": "presence_views.tell_of_note",
        "/<key>/draft": "draft_views.keep",
        "/<key>/draft/forget": "draft_views.forget",
        "/<key>/discard": "draft_views.discard",
        "/<key>/settle": "note_views.settle",
    },
)

lab_editor = Pages(
    "lab_editor",
    __name__,
    url_prefix="/content/labs",
    shown={
        "": "lab_views.index",
        "/format.json": "lab_views.show_format",
        "/<slug>": "lab_views.edit",
        "/<slug>/history": "lab_views.show_history",
        "/<slug>/verification": "lab_proof_views.show",
        "/<slug>/draft": "draft_views.lab_draft",
    },
    sent={
        "": "lab_views.make",
        "/<slug>": "lab_views.save",
        "/<slug>/typed": "lab_views.show_typed",
        "/<slug>/fields": "lab_views.put_fields",
        "/<slug>/publish": "lab_views.publish",
        "/<slug>/try": "lab_views.open_as_learner",
        "/<slug>/verify": "lab_proof_views.verify",
        "/<slug>/stop": "lab_proof_views.stop",
        "/<slug>/discard": "lab_views.discard",
        "/<slug>/draft": "draft_views.keep_lab",
        "/<slug>/draft/forget": "draft_views.forget_lab",
        "/<slug>/settle": "lab_views.settle",
        "/<slug>/stage": "lab_views.set_stage",
        "/<slug>/delete": "lab_views.delete",
        "/<slug>/restore": "lab_views.restore",
    },
)


def init_app(app: Flask) -> None:
    """Add the pages, and what signing in by a provider asks of this room, which knows the trail and who edits what."""
    app.extensions["give_claimed_role"] = _give_claimed_role
    app.extensions["tell_of_opened"] = _tell_of_opened
    for bp in (bringing, content, note_editor, lab_editor, owner):
        app.register_blueprint(bp)


def _give_claimed_role(*given: Any, **named: Any) -> None:
    from quizapp.admin import claimed_roles

    claimed_roles.give_claimed_role(*given, **named)


def _tell_of_opened(*given: Any, **named: Any) -> None:
    from quizapp.admin import claimed_roles

    claimed_roles.tell_of_opened(*given, **named)
