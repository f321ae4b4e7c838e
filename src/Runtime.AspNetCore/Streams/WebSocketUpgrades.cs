using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Web sockets on HTTP/1.1 (upgrade) and on HTTP/2 (extended CONNECT): recognises them and follows their connections.</summary>
internal static class WebSocketUpgrades
{
    private const string WebSocket = "websocket";

    /// <summary>Whether the request asks to become a web socket.</summary>
    public static bool IsAsked(HttpContext request) =>
        IsUpgrade(request.Request.Headers)
        || (HttpMethods.IsConnect(request.Request.Method) && request.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: { } protocol }
            && string.Equals(protocol, WebSocket, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the request asks to become a web socket in HTTP/1.1's way.</summary>
    public static bool IsUpgrade(IHeaderDictionary headers)
    {
        StringValues upgrade = headers.Upgrade;
        return upgrade.Count > 0 && string.Equals(upgrade, WebSocket, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Follows the connection from the moment of its upgrade.</summary>
    public static void Follow(HttpContext request, StreamRegistry streams)
    {
        if (request.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            request.Features.Set<IHttpUpgradeFeature>(new FollowedUpgrade(upgrade, request, streams));
        }
        else if (request.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            request.Features.Set<IHttpExtendedConnectFeature>(new FollowedConnect(connect, request, streams));
        }
    }

    private static Stream Followed(Stream connection, HttpContext request, StreamRegistry streams)
    {
        var socket = new WebSocketStream(connection);
        streams.Open(request).Upgraded(socket);
        return socket;
    }

    private sealed class FollowedUpgrade(IHttpUpgradeFeature inner, HttpContext request, StreamRegistry streams) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync() => Followed(await inner.UpgradeAsync().ConfigureAwait(false), request, streams);
    }

    private sealed class FollowedConnect(IHttpExtendedConnectFeature inner, HttpContext request, StreamRegistry streams) : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => inner.IsExtendedConnect;

        public string? Protocol => inner.Protocol;

        public async ValueTask<Stream> AcceptAsync() => Followed(await inner.AcceptAsync().ConfigureAwait(false), request, streams);
    }
}
