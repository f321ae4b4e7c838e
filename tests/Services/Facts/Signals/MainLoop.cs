using ShutdownAnalyzers.Facts.RawProcess;

namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>A program without a host that ends in order once it is asked to.</summary>
internal static class MainLoop
{
    public static async Task RunAsync(CancellationToken stop)
    {
        Hooks.Print();
        try
        {
            Console.WriteLine("ready");
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Console.WriteLine("asked to stop");
            await Task.Delay(300);
        }
        finally
        {
            Console.WriteLine("finally");
        }
    }
}
