"""Modal's API for tests, without the service: `python fake_api.py` prints its port, then a JSON line for every call.

It answers what a deployment, `gpu:status` and `gpu:warm` ask, keeps what was deployed, and takes everything else as it
comes. The argument is a JSON object: `missing_secrets`, names that the account does not have; `models`, folders of its volume.
"""

import asyncio
import base64
import json
import sys
import time

from google.protobuf.json_format import MessageToDict
from grpclib import GRPCError, Status
from grpclib.server import Server
from modal_proto import api_grpc, api_pb2

BASE = api_grpc.ModalClientBase


class Account:
    """The state that calls so far have created, and from which later calls are answered."""

    def __init__(self, missing_secrets=(), models=("flux-dev", "flux-schnell")):
        self.missing_secrets = missing_secrets
        self.models = models
        self.functions: dict[str, api_pb2.Function] = {}
        self.settings = api_pb2.AutoscalerSettings()
        self.published: dict[str, str] = {}

    def ClientHello(self, _):
        return api_pb2.ClientHelloResponse()

    def AuthTokenGet(self, _):
        claims = base64.urlsafe_b64encode(json.dumps({"exp": int(time.time()) + 3600}).encode()).decode().rstrip("=")
        return api_pb2.AuthTokenGetResponse(token=f"e30.{claims}.signature")

    def EnvironmentGetOrCreate(self, _):
        settings = api_pb2.EnvironmentSettings(image_builder_version="2026.10")
        metadata = api_pb2.EnvironmentMetadata(name="main", settings=settings)
        return api_pb2.EnvironmentGetOrCreateResponse(environment_id="en-1", metadata=metadata)

    def AppGetOrCreate(self, _):
        return api_pb2.AppGetOrCreateResponse(app_id="ap-1")

    def AppCreate(self, _):
        return api_pb2.AppCreateResponse(app_id="ap-1")

    def MountPutFile(self, _):
        return api_pb2.MountPutFileResponse(exists=True)

    def MountGetOrCreate(self, _):
        return api_pb2.MountGetOrCreateResponse(mount_id="mo-1")

    def VolumeGetOrCreate(self, request):
        metadata = api_pb2.VolumeMetadata(name=request.deployment_name, version=request.version)
        return api_pb2.VolumeGetOrCreateResponse(volume_id="vo-1", version=request.version, metadata=metadata)

    def VolumeListFiles(self, request):
        if request.path.strip("/") not in self.models:
            raise GRPCError(Status.NOT_FOUND, f"No such file or directory: '{request.path}'")
        return api_pb2.VolumeListFilesResponse(entries=[api_pb2.FileEntry(path=f"{request.path}/manifest.json", size=1)])

    def VolumeListFiles2(self, request):
        return api_pb2.VolumeListFiles2Response(entries=self.VolumeListFiles(request).entries)

    def SecretGetOrCreate(self, request):
        if request.deployment_name in self.missing_secrets:
            raise GRPCError(Status.NOT_FOUND, f"Secret '{request.deployment_name}' not found")
        return api_pb2.SecretGetOrCreateResponse(secret_id=f"st-{request.deployment_name or 'given'}")

    def ImageGetOrCreate(self, request):
        success = api_pb2.GenericResult(status=api_pb2.GenericResult.GENERIC_STATUS_SUCCESS)
        metadata = api_pb2.ImageMetadata(image_builder_version=request.builder_version)
        return api_pb2.ImageGetOrCreateResponse(image_id="im-1", result=success, metadata=metadata)

    def FunctionPrecreate(self, request):
        return api_pb2.FunctionPrecreateResponse(function_id=f"fu-{request.function_name}")

    def FunctionCreate(self, request):
        function = request.function
        name = function.function_name
        self.functions[name] = function
        if name == "Gpu.*":
            self.settings.CopyFrom(function.autoscaler_settings)
        data = api_pb2.FunctionData(ranked_functions=[api_pb2.FunctionData.RankedFunction(rank=0, function=function)])
        return api_pb2.FunctionCreateResponse(
            function_id=f"fu-{name}", function=function, function_data=data, handle_metadata=self.handle(name)
        )

    def ClassCreate(self, _):
        return api_pb2.ClassCreateResponse(class_id="cs-1")

    def AppPublish(self, request):
        self.published = dict(request.function_ids)
        return api_pb2.AppPublishResponse(url="https://modal.test/apps/flux-sculptor")

    def FunctionGet(self, request):
        name = request.object_tag
        if request.app_name != "flux-sculptor" or name not in self.published:
            raise GRPCError(Status.NOT_FOUND, f"Function '{name}' not found")
        return api_pb2.FunctionGetResponse(function_id=self.published[name], handle_metadata=self.handle(name))

    def FunctionGetCurrentStats(self, _):
        return api_pb2.FunctionStats(backlog=2, num_total_tasks=self.settings.min_containers)

    def FunctionUpdateSchedulingParams(self, request):
        self.settings.MergeFrom(request.settings)
        return api_pb2.FunctionUpdateSchedulingParamsResponse(current_settings=self.settings)

    def handle(self, name):
        """A function's description for look-ups: its class's methods and their addresses."""
        function = self.functions[name]
        metadata = api_pb2.FunctionHandleMetadata(function_name=name, is_method=False, use_method_name="")
        for method, definition in function.method_definitions.items():
            label = definition.webhook_config.requested_suffix
            url = f"https://acme--{label}.modal.run" if label else ""
            metadata.method_handle_metadata[method].CopyFrom(
                api_pb2.FunctionHandleMetadata(function_name=method, is_method=True, web_url=url)
            )
        return metadata


def respond(account, name, method):
    """A gRPC method that prints its request and answers from the account."""

    async def handler(stream):
        request = await stream.recv_message()
        answer = getattr(account, name, lambda _: method.reply_type())
        print(json.dumps({"call": name, "request": MessageToDict(request, preserving_proto_field_name=True)}), flush=True)
        await stream.send_message(answer(request))

    return method._replace(func=handler)


class Service:
    def __init__(self, account):
        self.account = account

    def __mapping__(self):
        every = {name: None for name in BASE.__abstractmethods__}
        stub = type("Stub", (BASE,), every)()
        methods = {path: (path.rpartition("/")[2], method) for path, method in BASE.__mapping__(stub).items()}
        return {path: respond(self.account, name, method) for path, (name, method) in methods.items()}


async def main():
    given = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    server = Server([Service(Account(**given))])
    await server.start("127.0.0.1", 0)
    port = server._server.sockets[0].getsockname()[1]
    print(json.dumps({"port": port}), flush=True)
    await server.wait_closed()


asyncio.run(main())
