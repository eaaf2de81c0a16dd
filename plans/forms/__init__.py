"""The strings of one request into typed values: the forms of work here, others in their modules."""

from plans.forms.work import (
    AcceptForm,
    CommentForm,
    DecisionForm,
    DirectionForm,
    DocumentNumberField,
    EvidenceForm,
    ExtensionForm,
    OnceForm,
    ReasonForm,
    ReportForm,
)

__all__ = [
    "AcceptForm",
    "CommentForm",
    "DecisionForm",
    "DirectionForm",
    "DocumentNumberField",
    "EvidenceForm",
    "ExtensionForm",
    "OnceForm",
    "ReasonForm",
    "ReportForm",
]
