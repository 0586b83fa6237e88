"""Files over gRPC: the same bytes as over REST."""

from __future__ import annotations

import json
from typing import Any

from zerocarbon.api.declaration.v1 import declaration_service_pb2 as messages
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.refusal import refuse
from zerocarbon.declaration.documents import StatementView, statement_html, statement_pdf
from zerocarbon.declaration.grpc.asked import Asked
from zerocarbon.declaration.grpc.place import Place
from zerocarbon.declaration.service import bundles, documents

Kind = messages.GetDocumentRequest


async def document(context: ServiceContext, organisation_id: str, at: Place, request: Any) -> Any:
    """The file that a request names.

    Raises:
        Refused: the kind is not to be had of what was named.
        NotFound: there is no such statement, claim or inventory.
    """
    factory_id = at.factory_id or ""
    if request.kind == Kind.BUNDLE_ZIP:
        return await _bundle(context, organisation_id, factory_id, at)
    if request.kind == Kind.DECLARATION_JSON:
        if at.statement_id is None:
            raise refuse("document", "the credential is of a statement", "/statement_id")
        body = await documents.signed(context, organisation_id, factory_id, at.statement_id)
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return messages.Document(data=data, media_type="application/vc+ld+json")
    view = await _view(context, organisation_id, factory_id, at, request)
    if request.kind == Kind.STATEMENT_HTML:
        page = await documents.drawn(statement_html, view)
        return messages.Document(data=page.encode(), media_type="text/html; charset=utf-8")
    if request.kind == Kind.STATEMENT_PDF:
        return messages.Document(
            data=await documents.drawn(statement_pdf, view), media_type="application/pdf"
        )
    raise refuse("document", "name the kind of document", "/kind")


async def _view(
    context: ServiceContext, organisation_id: str, factory_id: str, at: Place, request: Any
) -> StatementView:
    if at.statement_id is not None:
        return await documents.of_statement(context, organisation_id, factory_id, at.statement_id)
    if at.claim_id is None:
        raise refuse("document", "this document is of a statement or of a claim", "/statement_id")
    asked = Asked.of(request)
    return await documents.of_claim(
        context, organisation_id, factory_id, at.claim_id, asked.standard, asked.on
    )


async def _bundle(context: ServiceContext, organisation_id: str, factory_id: str, at: Place) -> Any:
    if at.statement_id is not None:
        made = await bundles.of_statement(context, organisation_id, factory_id, at.statement_id)
    elif at.claim_id is not None:
        made = await bundles.of_claim(context, organisation_id, factory_id, at.claim_id)
    elif at.inventory_id is not None:
        made = await bundles.of_inventory(context, organisation_id, factory_id, at.inventory_id)
    else:
        raise refuse("document", "a bundle is of a statement, a claim or an inventory", "/claim_id")
    return messages.Document(data=made.data, media_type="application/zip", statements=made.statements)
