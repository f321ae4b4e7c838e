using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>What happens to a request at the door. While nothing drains it is noted and passed on, without an allocation.</summary>
internal sealed class DrainMiddleware(RequestDrain requests, DrainExemption exemption, StreamRegistry streams)
{
    public Task InvokeAsync(HttpContext request, RequestDelegate pipeline)
    {
        requests.Enter(request);
        bool isSocket = WebSocketUpgrades.IsAsked(request);
        bool isEvents = !isSocket && EventStreams.IsAsked(request);
        DrainPhase phase = requests.Phase;
        if (phase != DrainPhase.Running && IsRefused(request, phase, isSocket || isEvents)) return requests.Refuse(request);

        if (isSocket) WebSocketUpgrades.Follow(request, streams);
        return isEvents ? EventStreams.ServeAsync(request, pipeline) : pipeline(request);
    }

    private bool IsRefused(HttpContext request, DrainPhase phase, bool isStream)
    {
        bool refuses = phase == DrainPhase.Refuse || (isStream && phase >= DrainPhase.Shed);
        if (refuses && !exemption.IsExempt(request)) return true;
        requests.ServedWhileDraining(request, phase);
        return false;
    }
}
