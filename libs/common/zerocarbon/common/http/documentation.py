"""`/docs`: the routes to look at and to try, drawn by a browser from this installation alone."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

PATH = "/docs"
ASSETS = f"{PATH}/assets"
CARRIER = ("fastapi_offline", "static")
"""The package that carries Swagger UI as its makers publish it, and the directory in it."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "connect-src 'self'",
        "img-src 'self' data:",  # Swagger UI draws its icons from data URLs.
        "script-src 'self' 'unsafe-inline'",  # The page starts it in a few lines of its own.
        "style-src 'self' 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""A factory's network need not lead anywhere: whatever the page would fetch elsewhere is not fetched."""


def install(app: FastAPI) -> None:
    """Adds the page, what it is drawn with, and the way to it from `/`."""
    assert app.openapi_url is not None, "there is nothing to show"
    page = get_swagger_ui_html(
        openapi_url=app.openapi_url,
        title=app.title,
        swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{ASSETS}/favicon.png",
        # No badge of a validator, which would be asked over the network.
        swagger_ui_parameters={"docExpansion": "none", "validatorUrl": None},
    )
    page.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    async def documentation() -> HTMLResponse:
        return page

    @routes.get("/")
    async def entrance() -> RedirectResponse:
        return RedirectResponse(PATH)

    app.include_router(routes)
    app.mount(ASSETS, StaticFiles(packages=[CARRIER]))
