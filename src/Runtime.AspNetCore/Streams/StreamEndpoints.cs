using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Tells by its metadata whether an endpoint begins a stream.</summary>
internal static class StreamEndpoints
{
    // By name, so that applications without gRPC don't need it. Constant names keep trimming informed.
    private static readonly Type? GrpcMetadata = Type.GetType("Grpc.AspNetCore.Server.GrpcMethodMetadata, Grpc.AspNetCore.Server");
    private static readonly PropertyInfo? GrpcMethod = Type.GetType("Grpc.AspNetCore.Server.GrpcMethodMetadata, Grpc.AspNetCore.Server")?.GetProperty("Method");
    private static readonly PropertyInfo? GrpcMethodType = Type.GetType("Grpc.Core.IMethod, Grpc.Core.Api")?.GetProperty("Type");

    /// <summary>Whether the request, which another thread serves, is a stream.</summary>
    public static bool IsStream(HttpContext request)
    {
        try
        {
            return request.Features.Get<OpenStream>() is not null || (request.GetEndpoint() is { } endpoint && IsStream(endpoint));
        }
        catch (Exception e) when (e is ObjectDisposedException or NullReferenceException or InvalidOperationException)
        {
            // It has just ended.
            return false;
        }
    }

    public static bool IsStream(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<LongRunningAttribute>() is not null
        // Also the negotiation ahead of it: a client that is refused there goes elsewhere with the whole of its connection.
        || endpoint.Metadata.GetMetadata<HubMetadata>() is not null
        || endpoint.Metadata.GetMetadata<NegotiateMetadata>() is not null
        || IsGrpc(endpoint);

    /// <summary>The same endpoint, with something around what it does.</summary>
    public static Endpoint Around(Endpoint endpoint, Func<HttpContext, RequestDelegate, Task> serve) => endpoint is RouteEndpoint { RequestDelegate: { } call } route
        ? new RouteEndpoint(request => serve(request, call), route.RoutePattern, route.Order, route.Metadata, route.DisplayName)
        : endpoint;

    /// <summary>Whether the endpoint is a gRPC method that streams, in either direction.</summary>
    public static bool IsGrpc(Endpoint endpoint)
    {
        if (GrpcMetadata is null || GrpcMethod is null || GrpcMethodType is null) return false;
        foreach (object metadata in endpoint.Metadata)
        {
            // MethodType.Unary is 0.
            if (GrpcMetadata.IsInstanceOfType(metadata) && GrpcMethod.GetValue(metadata) is { } method && GrpcMethodType.GetValue(method) is Enum type) return !type.Equals(Enum.ToObject(type.GetType(), 0));
        }

        return false;
    }
}
