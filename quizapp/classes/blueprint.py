"""The addresses under /classes, and those under /owner/classes, where owners make classes and name teachers."""

from quizapp.web.pages import Pages

classes = Pages(
    "classes",
    __name__,
    url_prefix="/classes",
    shown={
        "": "views.index",
        "/join/<token>": "views.show_link",
        "/<uuid:class_id>": "progress_views.show",
        "/<uuid:class_id>/people": "views.show_people",
        "/<uuid:class_id>/learners/<uuid:learner>": "progress_views.show_learner",
        "/<uuid:class_id>/progress.csv": "progress_views.export",
    },
    sent={
        "/join/<token>": "views.join",
        "/<uuid:class_id>/accept": "views.accept",
        "/<uuid:class_id>/leave": "views.leave",
        "/<uuid:class_id>/names": "views.invite",
        "/<uuid:class_id>/links": "views.make_link",
        "/<uuid:class_id>/links/<int:link>/end": "views.end_link",
        "/<uuid:class_id>/learners/<uuid:learner>/take-out": "views.take_out",
        "/<uuid:class_id>/assigned": "progress_views.assign",
        "/<uuid:class_id>/assigned/<int:assigned>/end": "progress_views.take_back",
    },
)

managed = Pages(
    "managed_classes",
    __name__,
    url_prefix="/owner/classes",
    shown={
        "": "owner_views.index",
        "/<uuid:managed>": "owner_views.show",
    },
    sent={
        "": "owner_views.make",
        "/<uuid:managed>/name": "owner_views.set_name",
        "/<uuid:managed>/teachers": "owner_views.name_teacher",
        "/<uuid:managed>/teachers/<uuid:user_id>/end": "owner_views.end_teacher",
        "/<uuid:managed>/delete": "owner_views.delete",
    },
)

ALL = (classes, managed)
