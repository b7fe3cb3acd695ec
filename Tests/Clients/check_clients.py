"""Checks that the clients people have already work against a running server: `glimpse serve`, then

    python3 -m pip install -r requirements.txt
    python3 check_clients.py --url http://127.0.0.1:7313 --picture cat.jpg --other rocket.jpg [--library-has-pictures] [--token TOKEN]

Roboflow's and OpenAI's clients are the real ones. immich's requests were recorded from Node (see record_immich.py) and are sent byte for byte.
clip-retrieval's client is the real one where it is installed (`pip install --no-deps clip-retrieval==2.45.0`: what it depends on weighs
gigabytes and is not needed to ask), else what it sends is sent. One line a check; the exit status is 1 when one fails.

The server must let ViT-B-32__openai, which immich asks for, mean its default model, so that the routes can be compared with each other.
"""

import argparse
import base64
import http.client
import importlib.util
import json
import math
import mimetypes
import pathlib
import re
import socket
import struct
import sys
import traceback
import urllib.parse

import openai
import requests
from inference_sdk import InferenceConfiguration, InferenceHTTPClient
from inference_sdk.http.errors import HTTPCallErrorError

RECORDED = pathlib.Path(__file__).parent / "recorded"
TEXTS = ["a cat", "a rocket", "a cup of coffee"]
IMMICH_TEXT = "eine rote Scheibe, größer als ein Fußball"  # in recorded/immich-textual*.http

# The same bytes went through the same model, so only the order of sums differs (batches of other sizes) and the digits that are written.
CLOSE = 0.9999
# Different pictures are nowhere near that.
APART = 0.999


def arguments():
    parser = argparse.ArgumentParser(description="Checks that existing clients work against a running server.")
    parser.add_argument("--url", default="http://127.0.0.1:7313", help="where the server is (default: %(default)s)")
    parser.add_argument("--picture", required=True, help="a photograph")
    parser.add_argument("--other", required=True, help="a photograph of something else")
    parser.add_argument("--library-has-pictures", action="store_true", help="the server's library is not empty")
    parser.add_argument("--token", help="the server's token")
    options = parser.parse_args()
    options.url = options.url.rstrip("/")
    if urllib.parse.urlsplit(options.url).hostname not in ("127.0.0.1", "localhost", "::1"):
        parser.error(f"{options.url} is not on this machine")
    return options


def cosine(a, b):
    """The cosine of two vectors of any length."""
    equal(len(a), len(b), "the vectors' dimensions")
    return sum(x * y for x, y in zip(a, b)) / (length(a) * length(b))


def length(vector):
    return math.sqrt(sum(x * x for x in vector))


def equal(found, expected, what):
    if found != expected:
        raise AssertionError(f"{what}: expected {expected!r}, found {found!r}")


def near(found, expected, what, tolerance=1e-3):
    if not abs(found - expected) <= tolerance:
        raise AssertionError(f"{what}: expected {expected}, found {found}")


def same(a, b, what):
    """Two vectors are of the same thing."""
    found = cosine(a, b)
    if not found >= CLOSE:
        raise AssertionError(f"{what}: the vectors' cosine is {found}, expected at least {CLOSE}")


def different(a, b, what):
    """Two vectors are of different things: a server that answers the same to everything would pass all else."""
    found = cosine(a, b)
    if not found < APART:
        raise AssertionError(f"{what}: the vectors' cosine is {found}, expected less than {APART}")


def normalised(vector, what):
    near(length(vector), 1, f"{what}: the vector's length")


def raises(kind, work, what):
    """The error that `work` raises, which must be of that kind."""
    try:
        work()
    except kind as error:
        return error
    raise AssertionError(f"{what}: expected {kind.__name__}, but nothing went wrong")


class Server:
    """The server, as seen by its own routes: what the drop-in routes are compared with."""

    def __init__(self, options):
        self.url = options.url
        self.token = options.token
        self.headers = {"Authorization": f"Bearer {options.token}"} if options.token else {}
        self.picture = pathlib.Path(options.picture)
        self.other = pathlib.Path(options.other)
        self.has_pictures = options.library_has_pictures

    def get(self, path, **more):
        return requests.get(self.url + path, headers={**self.headers, **more.pop("headers", {})}, timeout=300, **more)

    def post(self, path, **more):
        return requests.post(self.url + path, headers={**self.headers, **more.pop("headers", {})}, timeout=300, **more)

    def embed(self, inputs):
        """The vectors of inputs, from our own route."""
        answer = self.post("/api/v1/embeddings", json={"inputs": inputs})
        equal(answer.status_code, 200, f"POST /api/v1/embeddings ({answer.text[:200]})")
        return answer.json()["embeddings"]

    def embed_pictures(self, *paths):
        return self.embed([{"image": base64_of(path)} for path in paths])

    def embed_texts(self, *texts):
        return self.embed([{"text": text} for text in texts])


def base64_of(path):
    return base64.b64encode(pathlib.Path(path).read_bytes()).decode("ascii")


def data_uri_of(path):
    return f"data:{mimetypes.guess_type(path)[0] or 'application/octet-stream'};base64,{base64_of(path)}"


# Our own routes.


def check_health(server):
    answer = requests.get(server.url + "/api/v1/health", timeout=60)
    equal(answer.status_code, 200, "the status")
    equal(answer.json()["status"], "ok", "status")
    equal(answer.json()["needsToken"], server.token is not None, "needsToken")


def check_own_embeddings(server):
    answer = server.post("/api/v1/embeddings", json={"inputs": [{"image": base64_of(server.picture)}, {"text": TEXTS[0]}]})
    found = answer.json()
    equal(sorted(found), ["dimension", "embeddings", "fingerprint", "model"], "the members")
    equal([len(vector) for vector in found["embeddings"]], [found["dimension"]] * 2, "the vectors' dimensions")
    for vector in found["embeddings"]:
        normalised(vector, "our own route")


def check_own_body_types(server):
    picture, other, text = server.embed([{"image": base64_of(server.picture)}, {"image": base64_of(server.other)}, {"text": TEXTS[0]}])
    raw = server.post(
        "/api/v1/embeddings", data=server.picture.read_bytes(), headers={"Content-Type": "application/octet-stream"}
    )
    same(raw.json()["embeddings"][0], picture, "a raw body")
    form = server.post(
        "/api/v1/embeddings",
        files=[
            ("image", ("a.jpg", server.picture.read_bytes(), "image/jpeg")),
            ("text", (None, TEXTS[0])),
            ("image", ("b.jpg", server.other.read_bytes(), "application/octet-stream")),
        ],
    )
    equal(form.status_code, 200, f"a form ({form.text[:200]})")
    found = form.json()["embeddings"]
    equal(len(found), 3, "the vectors of a form")
    for vector, expected, what in zip(found, (picture, text, other), ("first", "second", "third")):
        same(vector, expected, f"the {what} part of a form")
    uri = server.embed([{"image": data_uri_of(server.picture)}])
    same(uri[0], picture, "a data URI")


def check_own_order(server):
    forwards = server.embed_texts(*TEXTS)
    backwards = server.embed_texts(*reversed(TEXTS))
    for index, text in enumerate(TEXTS):
        same(forwards[index], backwards[-1 - index], f"\"{text}\", whichever place it has")
        same(forwards[index], server.embed_texts(text)[0], f"\"{text}\", together and alone")
    different(forwards[0], forwards[1], "different texts")


def check_own_errors(server):
    for inputs in ([], [{}], [{"text": "a", "image": "b"}], [{"image": base64.b64encode(b"no picture").decode()}]):
        answer = server.post("/api/v1/embeddings", json={"inputs": inputs})
        equal(answer.status_code, 400, f"the status for {inputs}")
        equal(sorted(answer.json()["error"]), ["code", "message", "remedy"], f"the members of the error for {inputs}")
    equal(answer.json()["error"]["code"], "unreadablePicture", "the code for what is no picture")
    equal(server.post("/api/v1/embeddings", data="x", headers={"Content-Type": "text/csv"}).status_code, 415, "the status for CSV")
    equal(server.get("/api/v1/nothing").status_code, 404, "the status of a route that is not")
    wrong = server.get("/api/v1/embeddings")
    equal((wrong.status_code, wrong.headers.get("Allow")), (405, "POST"), "the status of a wrong method, and Allow")


def check_classification(server):
    labels = ["cat", "rocket", "coffee"]
    body = {"inputs": [{"image": base64_of(server.picture)}, {"text": "a cat"}], "labels": labels, "top": 3}
    found = server.post("/api/v1/classify", json=body).json()["predictions"]
    equal(len(found), 2, "the lists of predictions")
    for predictions in found:
        equal(sorted(entry["label"] for entry in predictions), sorted(labels), "the labels")
        shares = [entry["probability"] for entry in predictions]
        equal(shares, sorted(shares, reverse=True), "the order of the probabilities")
        near(sum(shares), 1, "the sum of the probabilities")
    # Put into a sentence of nothing but itself, a label is its text.
    body = {"inputs": [{"image": base64_of(server.picture)}], "labels": labels, "templates": ["{}"], "top": 2}
    predictions = server.post("/api/v1/classify", json=body).json()["predictions"][0]
    equal(len(predictions), 2, "the labels that are given")
    picture = server.embed_pictures(server.picture)[0]
    for entry in predictions:
        near(entry["score"], cosine(picture, server.embed_texts(entry["label"])[0]), f"the score of {entry['label']}")


def check_library(server):
    status = server.get("/api/v1/library").json()
    equal(status["contentCount"] > 0, server.has_pictures, "whether the library has pictures")
    equal(server.get("/api/v1/duplicates", params={"top": 1}).status_code, 200, "the status of the duplicates")
    if not server.has_pictures:
        return
    found = server.get("/api/v1/search", params={"q": "a cat", "all": "true", "top": 3}).json()["answers"]
    equal(0 < len(found) <= 3, True, "whether there are answers")
    thumbnail = server.get(found[0]["thumbnail"])
    equal((thumbnail.status_code, thumbnail.headers["Content-Type"]), (200, "image/jpeg"), "the thumbnail")
    again = server.get(found[0]["thumbnail"], headers={"If-None-Match": thumbnail.headers["ETag"]})
    equal(again.status_code, 304, "the status of a thumbnail that the client has")
    like = server.get("/api/v1/similar", params={"picture": found[0]["id"], "top": 3}).json()["answers"]
    equal(found[0]["id"] in [answer["id"] for answer in like], False, "whether a picture is like itself")


def check_access(server):
    """A wrong name in Host may be an attacker's that points here, so it must be refused whatever else the request shows."""
    answer = server.get("/api/v1/models", headers={"Host": "attacker.example"})
    equal((answer.status_code, answer.json()["error"]["code"]), (403, "forbidden"), "a request for another name")
    answer = server.post("/api/v1/duplicates/undo", headers={"Origin": "http://attacker.example"})
    equal((answer.status_code, answer.json()["error"]["code"]), (403, "forbidden"), "a request of another site's page")
    if server.token is None:
        return
    paths = ("/api/v1/models", "/api/v1/library", "/v1/models", "/indices-list", "/metrics")
    for path in paths:
        equal(requests.get(server.url + path, timeout=60).status_code, 401, f"the status of {path} without a token")
    session = requests.Session()
    wrong = session.post(server.url + "/api/v1/session", json={"token": server.token + "x"}, timeout=60)
    equal(wrong.status_code, 401, "the status for a wrong token")
    right = session.post(server.url + "/api/v1/session", json={"token": server.token}, timeout=60)
    equal(right.status_code, 204, "the status for the right token")
    cookie = right.headers["Set-Cookie"].lower()
    equal("httponly" in cookie and "samesite=strict" in cookie, True, f"whether the cookie is guarded ({cookie})")
    equal(session.get(server.url + "/api/v1/models", timeout=60).status_code, 200, "the status with the cookie")


# Roboflow's client.


def roboflow(server, **configuration):
    """The real client; with a token it sends its key as a bearer, as the server wants it."""
    client = InferenceHTTPClient(api_url=server.url, api_key=server.token or "none")
    transport = "header" if server.token else "legacy"
    return client.configure(InferenceConfiguration(api_key_transport=transport, **configuration))


def check_roboflow_images(server):
    picture, other = server.embed_pictures(server.picture, server.other)
    one = roboflow(server).get_clip_image_embeddings(str(server.picture))
    equal(len(one["embeddings"]), 1, "the vectors of one picture")
    same(one["embeddings"][0], picture, "one picture")
    # By default the client sends each picture alone; here all in one request.
    several = roboflow(server, max_batch_size=8).get_clip_image_embeddings([str(server.picture), str(server.other), str(server.picture)])
    equal(len(several), 3, "the answers for three pictures")
    for answer, expected in zip(several, (picture, other, picture)):
        same(answer["embeddings"][0], expected, "several pictures in their order")
    different(picture, other, "different pictures")


def check_roboflow_texts(server):
    expected = server.embed_texts(*TEXTS)
    one = roboflow(server).get_clip_text_embeddings(TEXTS[0])
    same(one["embeddings"][0], expected[0], "one text")
    several = roboflow(server).get_clip_text_embeddings(TEXTS)
    equal(len(several["embeddings"]), len(TEXTS), "the vectors of several texts")
    for found, vector in zip(several["embeddings"], expected):
        same(found, vector, "several texts in their order")


def check_roboflow_lengths(server):
    """Roboflow's vectors are as the model gives them, and programs that mean to compare them normalise: it only shows in the length."""
    vectors = roboflow(server).get_clip_text_embeddings(TEXTS)["embeddings"]
    vectors += roboflow(server).get_clip_image_embeddings(str(server.picture))["embeddings"]
    equal(all(abs(length(vector) - 1) < 1e-3 for vector in vectors), False, "whether all vectors have the length 1")


def check_roboflow_fields(server):
    answer = server.post("/clip/embed_text", json={"text": "a cat", "api_key": None, "clip_version_id": None, "model_id": None})
    equal(answer.status_code, 200, f"the status ({answer.text[:200]})")
    equal(sorted(answer.json()), ["embeddings", "frame_id", "inference_id", "time"], "the members")
    equal(float(answer.headers["X-Processing-Time"]) >= 0, True, "X-Processing-Time")


def check_roboflow_comparison(server):
    client = roboflow(server)
    picture, other = server.embed_pictures(server.picture, server.other)
    texts = server.embed_texts(*TEXTS)
    found = client.clip_compare(subject=str(server.picture), prompt=TEXTS)
    equal(found["parent_id"], None, "parent_id")
    expect_similarity(found, [cosine(picture, text) for text in texts], "a picture and texts")
    found = client.clip_compare(subject=str(server.picture), prompt=TEXTS[1])
    expect_similarity(found, [cosine(picture, texts[1])], "a picture and a text")
    found = client.clip_compare(subject=TEXTS[0], subject_type="text", prompt=TEXTS)
    expect_similarity(found, [cosine(texts[0], text) for text in texts], "a text and texts")
    found = client.clip_compare(subject=TEXTS[0], subject_type="text", prompt=[str(server.picture), str(server.other)], prompt_type="image")
    expect_similarity(found, [cosine(texts[0], picture), cosine(texts[0], other)], "a text and pictures")
    found = client.clip_compare(subject=str(server.picture), prompt=str(server.picture), prompt_type="image")
    expect_similarity(found, [1], "a picture and itself")
    # Names that look like a picture's members.
    named = {"value": TEXTS[2], "b": TEXTS[1], "a": TEXTS[0]}
    found = client.clip_compare(subject=str(server.picture), prompt=named)["similarity"]
    equal(sorted(found), sorted(named), "the names of the similarities")
    for name, index in (("value", 2), ("b", 1), ("a", 0)):
        near(found[name], cosine(picture, texts[index]), f"the similarity called {name}")


def expect_similarity(found, expected, what):
    equal(len(found["similarity"]), len(expected), f"{what}: the similarities")
    for one, other in zip(found["similarity"], expected):
        near(one, other, f"{what}: the similarity")


def check_roboflow_errors(server):
    client = roboflow(server)
    # A string that is no file is sent as it stands, as base64.
    not_a_picture = base64.b64encode(b"no picture").decode()
    error = raises(HTTPCallErrorError, lambda: client.get_clip_image_embeddings(not_a_picture), "what is no picture")
    equal(error.status_code, 400, "the status for what is no picture")
    equal(error.api_message not in (None, "", "N/A"), True, f"whether the client can tell why ({error.api_message!r})")
    error = raises(HTTPCallErrorError, lambda: client.clip_compare(subject=str(server.picture), prompt=["a"] * 9), "nine prompts")
    equal(error.status_code, 400, "the status for nine prompts")
    # A pickle could run anything here. This one is empty.
    pickle = {"type": "numpy", "value": base64.b64encode(b"\x80\x04N.").decode()}
    answer = server.post("/clip/embed_image", json={"image": pickle})
    equal((answer.status_code, list(answer.json())), (400, ["message"]), "a pickle")
    link = {"type": "url", "value": "http://127.0.0.1:9/cat.jpg"}
    answer = server.post("/clip/embed_image", json={"image": link})
    equal(answer.status_code in (400, 403), True, f"whether a link to this machine is refused ({answer.status_code})")
    if server.token:
        stranger = InferenceHTTPClient(api_url=server.url, api_key="wrong").configure(InferenceConfiguration(api_key_transport="header"))
        error = raises(HTTPCallErrorError, lambda: stranger.get_clip_text_embeddings("a cat"), "a wrong token")
        equal(error.status_code, 401, "the status for a wrong token")


# OpenAI's client.


def openai_client(server, key=None):
    """The real client, which would else try again by itself where the server is at fault."""
    return openai.OpenAI(base_url=server.url + "/v1", api_key=key or server.token or "none", max_retries=0, timeout=300)


def openai_model(server):
    """The model that our own route uses by default."""
    return server.get("/api/v1/health").json()["model"]


def check_openai_models(server):
    models = list(openai_client(server).models.list())
    equal(openai_model(server) in [model.id for model in models], True, "whether the default model is listed")
    for model in models:
        equal((model.object, type(model.created), type(model.owned_by)), ("model", int, str), f"the members of {model.id}")


def check_openai_texts(server):
    client, model, expected = openai_client(server), openai_model(server), server.embed_texts(*TEXTS)
    answer = client.embeddings.create(model=model, input=TEXTS, encoding_format="float")
    equal((answer.object, [entry.index for entry in answer.data]), ("list", [0, 1, 2]), "the members")
    equal(answer.usage.total_tokens >= answer.usage.prompt_tokens > 0, True, "whether tokens are counted")
    for entry, vector in zip(answer.data, expected):
        normalised(entry.embedding, "OpenAI's route")
        same(entry.embedding, vector, "several texts in their order")
    one = client.embeddings.create(model=model, input=TEXTS[1], encoding_format="float")
    same(one.data[0].embedding, expected[1], "one text")


def check_openai_base64(server):
    client, model, expected = openai_client(server), openai_model(server), server.embed_texts(*TEXTS)
    # Without a format the client asks for base64 and reads it by itself.
    answer = client.embeddings.create(model=model, input=TEXTS)
    for entry, vector in zip(answer.data, expected):
        same(entry.embedding, vector, "base64 that the client reads")
    answer = client.embeddings.create(model=model, input=TEXTS[0], encoding_format="base64")
    data = base64.b64decode(answer.data[0].embedding, validate=True)
    same(struct.unpack(f"<{len(expected[0])}f", data), expected[0], "base64 that we read")


def check_openai_images(server):
    client, model = openai_client(server), openai_model(server)
    uris = [data_uri_of(path) for path in (server.picture, server.other)]
    expected = server.embed_pictures(server.picture, server.other)
    answer = client.embeddings.create(model=model, input=uris, encoding_format="float", extra_body={"modality": "image"})
    for entry, vector in zip(answer.data, expected):
        same(entry.embedding, vector, "several pictures in their order")
    answer = client.embeddings.create(model=model, input=uris[0], extra_body={"modality": "image"})
    same(answer.data[0].embedding, expected[0], "one picture, as base64")


def check_openai_dimensions(server):
    client, model = openai_client(server), openai_model(server)
    dimension = len(server.embed_texts("a cat")[0])
    answer = client.embeddings.create(model=model, input="a cat", dimensions=dimension)
    equal(len(answer.data[0].embedding), dimension, "the dimensions")
    raises(openai.BadRequestError, lambda: client.embeddings.create(model=model, input="a cat", dimensions=dimension + 1), "more dimensions")


def check_openai_errors(server):
    client, model = openai_client(server), openai_model(server)
    error = raises(openai.BadRequestError, lambda: client.embeddings.create(model="no-such-model", input="a cat"), "a wrong model")
    equal(sorted(error.body), ["code", "message", "param", "type"], "the members of the error")
    equal(error.type, "invalid_request_error", "the type of the error")
    raises(openai.BadRequestError, lambda: client.embeddings.create(model=model, input=[1, 2, 3]), "tokens")
    raises(openai.BadRequestError, lambda: client.embeddings.create(model=model, input=[]), "nothing")
    wrong = {"modality": "image"}
    create = client.embeddings.create
    raises(openai.BadRequestError, lambda: create(model=model, input="data:image/png;base64,AAAA", extra_body=wrong), "what is no picture")
    if server.token:
        raises(openai.AuthenticationError, lambda: openai_client(server, "wrong").models.list(), "a wrong token")


def check_openai_health(server):
    answer = server.get("/health")
    equal((answer.status_code, list(answer.json())), (200, ["unix"]), "the answer")


# immich's requests.


def replay(server, name):
    """Sends a recorded request over a socket: the status, the reason and the body of the answer.

    Only its Host is that of the server, and a token comes with it.
    """
    head, _, body = (RECORDED / f"immich-{name}.http").read_bytes().partition(b"\r\n\r\n")
    address = urllib.parse.urlsplit(server.url)
    head = re.sub(rb"(?m)^host: .*\r$", b"host: " + address.netloc.encode() + b"\r", head)
    if server.token:
        head += b"\r\nauthorization: Bearer " + server.token.encode()
    with socket.create_connection((address.hostname, address.port or 80), timeout=300) as connection:
        connection.sendall(head + b"\r\n\r\n" + body)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def check_immich_ping(server):
    """immich takes a server for healthy when it answers this at all, and sends no token."""
    equal(requests.get(server.url + "/ping", timeout=60).text, "pong", "the answer")
    status, _, body = replay(server, "ping")
    equal((status, body), (200, b"pong"), "the answer to the recorded request")
    answer = requests.get(server.url + "/", headers={"Accept": "application/json"}, timeout=60)
    equal(answer.json(), {"message": "Immich ML"}, "the answer of / without HTML")


def check_immich_visual(server):
    status, headers, body = replay(server, "visual")
    equal(status, 200, f"the status ({body[:200]})")
    equal(headers.get_content_type(), "application/json", "the type")
    answer = json.loads(body)
    equal(sorted(answer), ["clip", "imageHeight", "imageWidth"], "the members")
    equal((answer["imageWidth"], answer["imageHeight"]), (96, 64), "the picture's size")
    expect_immich_vector(answer["clip"], server.embed_pictures(RECORDED / "picture.png")[0])


def check_immich_textual(server):
    for name in ("textual", "textual-without-language"):
        status, _, body = replay(server, name)
        equal(status, 200, f"the status of {name} ({body[:200]})")
        answer = json.loads(body)
        equal(list(answer), ["clip"], "the members")
        expect_immich_vector(answer["clip"], server.embed_texts(IMMICH_TEXT)[0])


def expect_immich_vector(text, expected):
    """immich hands the string on to its database as it stands, which reads no spaces before the bracket and no names of numbers."""
    equal((type(text), text[:1], text[-1:]), (str, "[", "]"), "the vector as a string")
    vector = json.loads(text)
    normalised(vector, "immich's route")
    same(vector, expected, "immich's route and our own")


def check_immich_large(server):
    """A photograph of a camera's size, with another client than the recorded one."""
    form = {"entries": (None, '{"clip":{"visual":{"modelName":"ViT-B-32__openai"}}}'), "image": ("blob", server.picture.read_bytes())}
    answer = server.post("/predict", files=form)
    equal(answer.status_code, 200, f"the status ({answer.text[:200]})")
    expect_immich_vector(answer.json()["clip"], server.embed_pictures(server.picture)[0])


def check_immich_errors(server):
    for name in ("faces", "ocr"):
        status, _, body = replay(server, name)
        equal(200 <= status < 300, False, f"whether {name} is answered, which keeps immich from its next server")
        equal(status < 500, True, f"whether {name} is refused without trouble ({status} {body[:200]})")
    wrong = {
        "no entries": ({"text": (None, "a cat")}, 422, None),
        "no JSON": ({"entries": (None, "{"), "text": (None, "a cat")}, 422, "Invalid request format."),
        "no model": ({"entries": (None, '{"clip":{"textual":{}}}'), "text": (None, "a cat")}, 422, "Invalid request format."),
        "no input": ({"entries": (None, '{"clip":{"textual":{"modelName":"ViT-B-32__openai"}}}')}, 400, "Either image or text must be provided"),
    }
    for what, (form, status, detail) in wrong.items():
        answer = server.post("/predict", files=form)
        equal(answer.status_code, status, f"the status for {what}")
        if detail:
            equal(answer.json(), {"detail": detail}, f"the answer for {what}")


# clip-retrieval's client.


def retrieval_client(server, index, number):
    """The real client where it is installed, without what it depends on; else one that sends the same. The client knows no tokens."""
    package = importlib.util.find_spec("clip_retrieval")
    if package is None or server.token:
        return RetrievalRequests(server, index, number)
    # Importing the package would import torch; the client is a module that needs nothing of it.
    path = pathlib.Path(package.submodule_search_locations[0]) / "clip_client.py"
    specification = importlib.util.spec_from_file_location("clip_client", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.ClipClient(url=server.url + "/knn-service", indice_name=index, num_images=number)


class RetrievalRequests:
    """Sends what clip-retrieval's client sends: every member, null where unused, and no Content-Type."""

    def __init__(self, server, index, number):
        self.server = server
        self.members = {
            "deduplicate": True,
            "use_safety_model": True,
            "use_violence_detector": True,
            "indice_name": index,
            "use_mclip": False,
            "aesthetic_score": 9,
            "aesthetic_weight": 0.5,
            "modality": "image",
            "num_images": number,
            "num_result_ids": number,
        }

    def query(self, text=None, image=None, embedding_input=None):
        members = {
            "text": text,
            "image": base64_of(image) if image else None,
            "image_url": None,
            "embedding_input": embedding_input,
            **self.members,
        }
        return self.server.post("/knn-service", data=json.dumps(members)).json()


def check_retrieval(server):
    indices = server.get("/indices-list").json()
    equal(all(isinstance(name, str) for name in indices), True, "whether the indices are names")
    equal(len(indices) > 0, server.has_pictures, "whether there are indices")
    if not server.has_pictures:
        return
    client = retrieval_client(server, indices[0], 3)
    vector = server.embed_texts(TEXTS[0])[0]
    for what, query in (("a text", {"text": TEXTS[0]}), ("a picture", {"image": str(server.picture)}), ("a vector", {"embedding_input": vector})):
        found = client.query(**query)
        equal(type(found), list, f"the answer to {what}")
        equal(0 < len(found) <= 3, True, f"whether {what} has at most three answers")
        scores = [answer["similarity"] for answer in found]
        equal(scores, sorted(scores, reverse=True), f"the order of the answers to {what}")
        for answer in found:
            equal((type(answer["id"]), "url" in answer or "image" in answer), (int, True), f"the members of an answer to {what}")
    by_text, by_vector = client.query(text=TEXTS[0]), client.query(embedding_input=vector)
    equal([answer["id"] for answer in by_text], [answer["id"] for answer in by_vector], "the answers to a text and to its vector")
    link = by_text[0].get("url")
    if link:
        equal(server_gives_picture(server, link), True, f"whether {link} is a picture")


def server_gives_picture(server, link):
    answer = requests.get(link, headers=server.headers, timeout=60)
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("image/")


def check_retrieval_page(server):
    """clip-retrieval's page sends its JSON as text, with fewer members."""
    if not server.has_pictures:
        return
    index = server.get("/indices-list").json()[0]
    members = {"text": "a cat", "image": None, "image_url": None, "modality": "image", "num_images": 2, "indice_name": index, "num_result_ids": 4}
    answer = server.post("/knn-service", data=json.dumps(members), headers={"Content-Type": "text/plain;charset=UTF-8"})
    equal((answer.status_code, type(answer.json())), (200, list), "the answer")


def check_retrieval_errors(server):
    """The client reads every answer as JSON, whatever its status."""
    for members in ({}, {"modality": "image", "num_images": 2, "indice_name": None}, {"text": "a cat", "modality": "image", "num_images": "x"}):
        answer = server.post("/knn-service", data=json.dumps(members))
        equal((answer.status_code, list(answer.json())), (400, ["message"]), f"the answer to {members}")
    equal(server.get("/metrics").headers["Content-Type"].startswith("text/plain"), True, "whether the metrics are text")


CHECKS = {
    "own: health": check_health,
    "own: embeddings have length 1": check_own_embeddings,
    "own: JSON, forms and raw bodies say the same": check_own_body_types,
    "own: batches keep their order": check_own_order,
    "own: errors": check_own_errors,
    "own: classification": check_classification,
    "own: library, search, thumbnails": check_library,
    "own: access": check_access,
    "Roboflow: pictures": check_roboflow_images,
    "Roboflow: texts": check_roboflow_texts,
    "Roboflow: vectors are not normalised": check_roboflow_lengths,
    "Roboflow: members and headers": check_roboflow_fields,
    "Roboflow: similarities are cosines": check_roboflow_comparison,
    "Roboflow: errors": check_roboflow_errors,
    "OpenAI: models": check_openai_models,
    "OpenAI: texts": check_openai_texts,
    "OpenAI: base64": check_openai_base64,
    "OpenAI: pictures": check_openai_images,
    "OpenAI: dimensions": check_openai_dimensions,
    "OpenAI: errors": check_openai_errors,
    "OpenAI: health": check_openai_health,
    "immich: ping": check_immich_ping,
    "immich: pictures": check_immich_visual,
    "immich: texts": check_immich_textual,
    "immich: a photograph": check_immich_large,
    "immich: errors": check_immich_errors,
    "clip-retrieval: client": check_retrieval,
    "clip-retrieval: page": check_retrieval_page,
    "clip-retrieval: errors": check_retrieval_errors,
}


def main():
    server = Server(arguments())
    failures = 0
    for name, check in CHECKS.items():
        try:
            check(server)
            print(f"ok      {name}", flush=True)
        except Exception as error:  # Whatever a client stumbles over is a failure of the server.
            failures += 1
            print(f"FAILED  {name}: {type(error).__name__}: {error}", flush=True)
            if not isinstance(error, AssertionError):
                traceback.print_exc()
    print(f"{len(CHECKS) - failures} of {len(CHECKS)} checks passed")
    sys.exit(1 if failures else 0)


main()
