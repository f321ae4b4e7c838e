using ShutdownAnalyzers.Runtime;

namespace ShutdownAnalyzers.ShopJobs;

/// <summary>A program without a host: what it has begun it ends, and then its own <c>finally</c> runs.</summary>
internal static class PlainProgram
{
    public static async Task RunAsync()
    {
        using var signal = ShutdownSignal.Register();
        try
        {
            for (var item = 1; !signal.Token.IsCancellationRequested; item++)
            {
                Console.WriteLine($"item {item} begins");
                await Task.Delay(700);
                Console.WriteLine($"item {item} ends");
            }
        }
        finally
        {
            Console.WriteLine("shelf closed");
        }
    }
}
