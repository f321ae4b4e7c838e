using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>What happens to a request at the door. While nothing drains it is noted and passed on, without an allocation.</summary>
internal sealed class DrainMiddleware(RequestDrain requests, DrainExemption exemption, StreamRegistry streams, StreamHabits habits, StreamEnd end)
{
    private readonly bool _isKestrel = requests.IsKestrel;
    private Type? _http1;

    public Task InvokeAsync(HttpContext request, RequestDelegate pipeline)
    {
        IFeatureCollection features = request.Features;
        RequestSlot slot = requests.Enter(request);
        DrainPhase phase = requests.Phase;
        if (phase != DrainPhase.Running || !EndsWithPipeline(request, features)) return ServeToResponse(request, features, slot, phase, pipeline);

        if (((IHttpUpgradeFeature)features).IsUpgradableRequest && WebSocketUpgrades.IsUpgrade(request.Request.Headers)) WebSocketUpgrades.Follow(request, streams);
        Task served;
        try { served = pipeline(request); }
        catch
        {
            requests.Leave(slot);
            throw;
        }

        if (served.IsCompletedSuccessfully) requests.Leave(slot);
        // Its features and not the request itself, which the application works on meanwhile.
        else requests.LeaveAfter(slot, served = ToItsEnd(request, features, served));
        return served;
    }

    /// <summary>
    /// Whether a request counts as ended when the pipeline is done with it: to be told of the end of its response costs more than all the rest here. What Kestrel does between the two on HTTP/1 is to flush what the
    /// application has not, and its own stop waits for that. On HTTP/2 the window of a client may hold up a whole response there.
    /// </summary>
    private bool EndsWithPipeline(HttpContext request, IFeatureCollection features)
    {
        // The features are Kestrel's connection itself, which answers in a third of the time that it takes to ask through the request. Its type has no public name: the first request shows it.
        Type connection = features.GetType();
        if (connection == _http1) return true;
        if (!_isKestrel || features is not IHttpUpgradeFeature || !HttpProtocol.IsHttp11(request.Request.Protocol)) return false;
        _http1 = connection;
        return true;
    }

    private Task ServeToResponse(HttpContext request, IFeatureCollection features, RequestSlot slot, DrainPhase phase, RequestDelegate pipeline)
    {
        RequestDrain.LeaveWithResponse(slot, request);
        bool isSocket = WebSocketUpgrades.IsAsked(request);
        if (phase != DrainPhase.Running && Refusal(request, phase, isSocket) is { } refusal) return refusal;

        if (isSocket) WebSocketUpgrades.Follow(request, streams);
        return ToItsEnd(request, features, pipeline(request));
    }

    /// <summary>What of a stream's end is the drain's.</summary>
    private Task ToItsEnd(HttpContext request, IFeatureCollection features, Task served) =>
        (served.IsCompletedSuccessfully ? habits.IsStream(features) : habits.MayStream(features)) ? end.AwaitAsync(request, served) : served;

    private Task? Refusal(HttpContext request, DrainPhase phase, bool isSocket)
    {
        bool isExempt = exemption.IsExempt(request);
        if (!isExempt)
        {
            if (phase >= DrainPhase.Shed && EventStreams.IsEventSource(request)) return requests.SendElsewhere(request);
            if (phase == DrainPhase.Refuse || requests.IsOver || (isSocket && phase >= DrainPhase.Shed)) return requests.Refuse(request);
        }

        requests.ServedWhileDraining(request, phase, isExempt);
        return null;
    }
}
