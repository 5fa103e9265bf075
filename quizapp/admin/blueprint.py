"""The addresses under /content and /owner: editors change questions, all bring notes, owners see what runs."""

from typing import Any

from flask import Flask

from quizapp.web.pages import Pages

content = Pages(
    "admin",
    __name__,
    url_prefix="/content",
    shown={
        "": "questions.views.index",
        "/new": "questions.making_views.new_question",
        "/trail": "trail_views.show_trail",
        "/trail/<int:deed>": "trail_views.show_step",
        "/reports": "questions.report_views.inbox",
        "/questions/<key>": "questions.views.edit_question",
        "/questions/<key>/history": "questions.views.question_history",
        "/comments": "comment_views.show_open",
        "/questions/<key>/comments": "comment_views.show_of_question",
        "/questions/<key>/place": "questions.making_views.show_place",
        "/questions/<key>/kind": "questions.making_views.show_kind",
        "/concepts": "concepts.concept_views.show_concepts",
        "/concepts/new": "concepts.concept_views.new_concept",
        "/concepts/<key>": "concepts.concept_views.edit_concept",
        "/concepts/<key>/place": "concepts.concept_views.show_concept_place",
        "/concepts/<key>/merge": "concepts.concept_views.show_merge",
        "/tags": "concepts.tag_views.show_tags",
    },
    sent={
        "/questions/<key>": "questions.views.save_question",
        "/questions/<key>/settle": "questions.views.settle_question",
        "/questions/<key>/preview": "questions.views.preview_question",
        "/new": "questions.making_views.make_question",
        "/new/preview": "questions.making_views.preview_new",
        "/questions/<key>/duplicate": "questions.making_views.duplicate_question",
        "/questions/<key>/place": "questions.making_views.move_question",
        "/questions/<key>/kind": "questions.making_views.change_kind",
        "/questions/<key>/stage": "questions.making_views.set_stage",
        "/questions/<key>/still-right": "questions.still_views.say_still_right",
        "/questions/<key>/delete": "questions.making_views.delete_question",
        "/questions/<key>/restore": "questions.making_views.restore_version",
        "/pictures": "picture_views.take_picture",
        "/questions/<key>/comments": "comment_views.say_of_question",
        "/questions/<key>/present": "presence_views.tell_of_question",
        "/comments/<int:comment>/resolve": "comment_views.resolve",
        "/many": "questions.many_views.act",
        "/many/undo": "questions.many_views.undo",
        "/reports/<int:report>/take": "questions.report_views.take",
        "/reports/<int:report>/settle": "questions.report_views.settle",
        "/trail/<int:deed>/again": "questions.making_views.make_deleted_again",
        "/concepts/new": "concepts.concept_views.make_concept",
        "/concepts/preview": "concepts.concept_views.preview_concept",
        "/concepts/undo": "concepts.concept_views.undo_concept",
        "/concepts/<key>": "concepts.concept_views.save_concept",
        "/concepts/<key>/duplicate": "concepts.concept_views.duplicate_concept",
        "/concepts/<key>/place": "concepts.concept_views.move_concept",
        "/concepts/<key>/merge": "concepts.concept_views.merge_concept",
        "/concepts/<key>/retire": "concepts.concept_views.retire_concept",
        "/concepts/<key>/restore": "concepts.concept_views.restore_concept",
        "/concepts/<key>/delete": "concepts.concept_views.delete_concept",
        "/tags/rename": "concepts.tag_views.rename_tag",
        "/tags/remove": "concepts.tag_views.remove_tag",
        "/tags/undo": "concepts.tag_views.undo_tag",
    },
)

bringing = Pages(
    "imports",
    __name__,
    url_prefix="/content/import",
    shown={
        "": "bringing.import_views.show",
    },
    sent={
        "/preview": "bringing.import_views.show_preview",
        "/columns": "bringing.import_views.choose_columns",
        "": "bringing.import_views.store",
        "/<key>/retire": "bringing.import_views.retire",
        "/<key>/restore": "bringing.import_views.restore",
        "/<key>/delete-text": "bringing.import_views.delete_text",
        "/<key>/offer": "bringing.import_views.offer",
        "/<key>/take-back": "bringing.import_views.take_back",
        "/<key>/publish": "bringing.import_views.publish",
    },
)

owner = Pages(
    "owner",
    __name__,
    url_prefix="/owner",
    shown={
        "": "owner.owner_views.show",
        "/people/<uuid:user_id>": "owner.owner_views.show_person",
        "/hosts": "owner.running_views.show_hosts",
        "/sign-in": "owner.provider_views.show_provider",
        "/list": "owner.list_views.show_list",
    },
    sent={
        "/people": "owner.owner_views.invite",
        "/people/<uuid:user_id>/role": "owner.owner_views.set_role",
        "/people/<uuid:user_id>/link": "owner.owner_views.make_link",
        "/people/<uuid:user_id>/sign-out": "owner.owner_views.sign_out",
        "/people/<uuid:user_id>/deactivate": "owner.owner_views.deactivate",
        "/people/<uuid:user_id>/activate": "owner.owner_views.activate",
        "/people/<uuid:user_id>/second-factor/off": "owner.owner_views.turn_off_second_factor",
        "/people/<uuid:user_id>/delete": "owner.owner_views.delete",
        "/list/preview": "owner.list_views.preview_list",
        "/list": "owner.list_views.open_list",
        "/list/links": "owner.list_views.download_links",
        "/people/<uuid:user_id>/unlink": "owner.provider_views.unlink",
        "/hosts/<sandbox>/end": "owner.running_views.end_host",
        "/backups": "owner.running_views.make",
        "/backups/verify": "owner.running_views.verify",
        "/backups/restore": "owner.running_views.restore",
    },
)

note_editor = Pages(
    "note_editor",
    __name__,
    url_prefix="/content/notes",
    shown={
        "/<key>": "notes.note_views.edit",
        "/<key>/history": "notes.note_views.show_history",
        "/<key>/comments": "comment_views.show_of_note",
        "/<key>/draft": "draft_views.draft",
    },
    sent={
        "/<key>": "notes.note_views.save",
        "/<key>/typed": "notes.note_views.show_typed",
        "/<key>/comments": "comment_views.say_of_note",
        "/<key>/present": "presence_views.tell_of_note",
        "/<key>/draft": "draft_views.keep",
        "/<key>/draft/forget": "draft_views.forget",
        "/<key>/discard": "draft_views.discard",
        "/<key>/settle": "notes.note_views.settle",
    },
)

lab_editor = Pages(
    "lab_editor",
    __name__,
    url_prefix="/content/labs",
    shown={
        "": "labs.lab_views.index",
        "/format.json": "labs.lab_views.show_format",
        "/<slug>": "labs.lab_views.edit",
        "/<slug>/history": "labs.lab_views.show_history",
        "/<slug>/verification": "labs.lab_proof_views.show",
        "/<slug>/draft": "draft_views.lab_draft",
    },
    sent={
        "": "labs.lab_views.make",
        "/<slug>": "labs.lab_views.save",
        "/<slug>/typed": "labs.lab_views.show_typed",
        "/<slug>/fields": "labs.lab_views.put_fields",
        "/<slug>/publish": "labs.lab_views.publish",
        "/<slug>/try": "labs.lab_views.open_as_learner",
        "/<slug>/verify": "labs.lab_proof_views.verify",
        "/<slug>/stop": "labs.lab_proof_views.stop",
        "/<slug>/discard": "labs.lab_views.discard",
        "/<slug>/draft": "draft_views.keep_lab",
        "/<slug>/draft/forget": "draft_views.forget_lab",
        "/<slug>/settle": "labs.lab_views.settle",
        "/<slug>/stage": "labs.lab_views.set_stage",
        "/<slug>/delete": "labs.lab_views.delete",
        "/<slug>/restore": "labs.lab_views.restore",
    },
)


def init_app(app: Flask) -> None:
    """Add the pages, and what signing in by a provider asks of this room, which knows the trail and who edits what."""
    app.extensions["give_claimed_role"] = _give_claimed_role
    app.extensions["tell_of_opened"] = _tell_of_opened
    for bp in (bringing, content, note_editor, lab_editor, owner):
        app.register_blueprint(bp)


def _give_claimed_role(*given: Any, **named: Any) -> None:
    from quizapp.admin.owner import claimed_roles

    claimed_roles.give_claimed_role(*given, **named)


def _tell_of_opened(*given: Any, **named: Any) -> None:
    from quizapp.admin.owner import claimed_roles

    claimed_roles.tell_of_opened(*given, **named)
