using System.Globalization;
using System.Runtime.InteropServices;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks;

/// <summary>The request path in the thread's own processor time, which a machine that has other things to do distorts far less than the clock on the wall. Linux.</summary>
internal static class CpuTime
{
    private const int ThreadCpuClock = 3;
    private const int Requests = 1_000_000;
    private const string Median = "Median of this process, ns: ";

    /// <summary>In several processes, since no two of the same program are equally fast: where the compiler puts the code makes up to half of the difference.</summary>
    public static async Task RunAsync(int processes)
    {
        double[] medians = new double[processes];
        for (int i = 0; i < processes; i++)
        {
            await using var process = ServiceProcess.Start("dotnet", [typeof(CpuTime).Assembly.Location, "cpu", "once"]);
            medians[i] = double.Parse((await process.LineAsync(Median))[Median.Length..], CultureInfo.InvariantCulture);
            await process.ExitAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"added per request {medians[i]:0.0} ns"));
        }

        Array.Sort(medians);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Added per request, {processes} processes: median {medians[processes / 2]:0.0} ns, from {medians[0]:0.0} to {medians[^1]:0.0} ns"));
    }

    public static void RunOnce()
    {
        var path = new RequestPath();
        path.Setup();
        // Until the compiler has nothing left to improve.
        for (int i = 0; i < 10; i++)
        {
            Serve(path.Stock, Requests / 10);
            Serve(path.Drained, Requests / 10);
            Thread.Sleep(100);
        }

        double[] added = new double[21];
        for (int i = 0; i < added.Length; i++)
        {
            double stock = Measure(path.Stock), drained = Measure(path.Drained);
            added[i] = drained - stock;
        }

        Array.Sort(added);
        Console.WriteLine(Median + added[added.Length / 2].ToString(CultureInfo.InvariantCulture));
    }

    private static double Measure(Func<Task> request)
    {
        long begun = Nanoseconds();
        Serve(request, Requests);
        return (Nanoseconds() - begun) / (double)Requests;
    }

    private static void Serve(Func<Task> request, int count)
    {
        for (int i = 0; i < count; i++) request();
    }

    private static long Nanoseconds()
    {
        if (GetTime(ThreadCpuClock, out TimeSpec time) != 0) throw new PlatformNotSupportedException("The thread's processor time can't be had here.");
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
