using System.Net.Quic;
using ShutdownAnalyzers.Http3;

if (!QuicListener.IsSupported)
{
    Console.Error.WriteLine("""
        QUIC IS NOT SUPPORTED HERE: NOTHING WAS CHECKED.
        .NET needs libmsquic 2 (https://github.com/microsoft/msquic), from Microsoft's package feed or built from source, where the loader finds it.
        """);
    return 2;
}

(string What, Func<Task<string>> Check)[] checks =
[
    ("A request in flight at the signal finishes", DrainChecks.InFlightAsync),
    ("One that outlasts its time is cut off and named", DrainChecks.CutOffAsync),
    ("During the delay all are served, and the connection moves", DrainChecks.DelayAsync),
    ("Late requests are refused with an answer", DrainChecks.RefuseAsync),
    ("The last call is TCP's alone", DrainChecks.LastCallAsync),
    ("The stop closes the listener and the idle connections", DrainChecks.StopAsync),
    ("Server-sent events are asked to end", DrainChecks.EventStreamAsync),
    ("gRPC streams are asked to end, and cut off", DrainChecks.GrpcAsync),
    ("Rolling restarts under load", RollingRestarts.CheckAsync),
];

var failed = 0;
foreach (var (what, check) in checks)
{
    try
    {
        Console.WriteLine($"ok      {what}: {await check()}");
    }
    catch (Exception e)
    {
        failed++;
        Console.WriteLine($"FAILED  {what}: {e.Message} {e.InnerException?.Message}");
    }
}

Console.WriteLine($"{checks.Length - failed} passed, {failed} failed");
return failed == 0 ? 0 : 1;
