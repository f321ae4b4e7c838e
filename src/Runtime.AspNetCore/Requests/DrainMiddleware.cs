using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>What happens to a request at the door. While nothing drains it is noted and passed on, without an allocation.</summary>
internal sealed class DrainMiddleware(RequestDrain requests, DrainExemption exemption, StreamRegistry streams, StreamHabits habits, StreamEnd end)
{
    public Task InvokeAsync(HttpContext request, RequestDelegate pipeline)
    {
        requests.Enter(request);
        IHeaderDictionary headers = request.Request.Headers;
        bool isSocket = WebSocketUpgrades.IsAsked(request, headers);
        bool isEvents = !isSocket && EventStreams.IsAsked(headers);
        DrainPhase phase = requests.Phase;
        if (phase != DrainPhase.Running && Refusal(request, phase, isSocket) is { } refusal) return refusal;

        if (isSocket) WebSocketUpgrades.Follow(request, streams);
        if (isEvents) return EventStreams.ServeAsync(request, pipeline, end);
        Task served = pipeline(request);
        return served.IsCompletedSuccessfully || !habits.MayStream(request) ? served : end.AwaitAsync(request, served);
    }

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
