using System.Diagnostics;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>For what happens on another thread: waits for it, in a bounded time, instead of guessing how long it takes.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task IsTrue(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"Never happened: {what}");
            await Task.Delay(5);
        }
    }
}
