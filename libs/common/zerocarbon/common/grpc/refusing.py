"""Ends a call with a problem, and turns what a servicer raises into one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import grpc
import structlog

from zerocarbon.common.fault import KNOWN, problem_of
from zerocarbon.common.grpc.status import DETAILS, status_of
from zerocarbon.common.ids import new_id
from zerocarbon.common.telemetry.logs import bound
from zerocarbon.common.telemetry.tracing import continued

_log = structlog.get_logger(__name__)
_CODES = {code.value[0]: code for code in grpc.StatusCode}


async def abort_with(context: grpc.aio.ServicerContext, document: dict[str, Any]) -> NoReturn:
    """Ends the call with the rich status of a problem document. Does not return."""
    status = status_of(document)
    await context.abort(
        _CODES[status.code], status.message, trailing_metadata=((DETAILS, status.SerializeToString()),)
    )
    raise AssertionError("abort returned")


class Refusing(grpc.aio.ServerInterceptor):  # type: ignore[misc]
    """Every exception of a servicer leaves the server as a problem; faults of ours are logged and hidden."""

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], call: grpc.HandlerCallDetails
    ) -> Any:
        """Wraps the handler of one method."""
        handler = await continuation(call)
        if handler is None or handler.request_streaming:
            return handler
        wrap = (
            grpc.unary_stream_rpc_method_handler
            if handler.response_streaming
            else grpc.unary_unary_rpc_method_handler
        )
        behaviour = (
            _streaming(handler.unary_stream, call.method)
            if handler.response_streaming
            else _answering(handler.unary_unary, call.method)
        )
        return wrap(
            behaviour,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


def _answering(method: Callable[..., Any], name: str) -> Callable[..., Awaitable[Any]]:
    async def answer(request: Any, context: grpc.aio.ServicerContext) -> Any:
        with _observed(context, name):
            try:
                return await method(request, context)
            except grpc.aio.AbortError:
                raise
            except Exception as error:
                await abort_with(context, _document(error, name))

    return answer


def _streaming(method: Callable[..., Any], name: str) -> Callable[..., AsyncIterator[Any]]:
    async def answers(request: Any, context: grpc.aio.ServicerContext) -> AsyncIterator[Any]:
        # Not observed: a generator that is given up ends in another task, where nothing bound can be undone.
        try:
            async for item in method(request, context):
                yield item
        except grpc.aio.AbortError:
            raise
        except Exception as error:
            await abort_with(context, _document(error, name))

    return answers


@contextmanager
def _observed(context: grpc.aio.ServicerContext, name: str) -> Iterator[None]:
    """The trace of the caller goes on, and log lines name the call, as over HTTP."""
    given = {str(key).lower(): value for key, value in context.invocation_metadata() or ()}
    with continued(name, given.get("traceparent"), given.get("tracestate")), bound(request_id=new_id()):
        yield


def _document(error: Exception, method: str) -> dict[str, Any]:
    if not isinstance(error, tuple(KNOWN)):
        _log.error("call failed", method=method, exc_info=error)
    return problem_of(error)
