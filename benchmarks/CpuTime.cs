using System.Globalization;
using System.Runtime.InteropServices;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks;

/// <summary>The request path in the thread's own processor time, which a machine that has other things to do distorts far less than the clock on the wall. Linux.</summary>
internal static class CpuTime
{
    private const int ThreadCpuClock = 3;
    // As short as can be timed: what disturbs the machine is then the same for both halves of a pair.
    private const int Slice = 32;
    private const int Pairs = 20_000;
    private const string Result = "Of this process, ns: ";

    /// <summary>In several processes, since no two of the same program are equally fast: where the compiler and the collector put code and objects makes a difference of its own.</summary>
    public static async Task RunAsync(int processes)
    {
        foreach (bool waits in (bool[])[false, true])
        {
            List<double> stock = [], added = [];
            for (int i = 0; i < processes; i++)
            {
                await using var process = ServiceProcess.Start("dotnet", [typeof(CpuTime).Assembly.Location, "cpu", waits ? "waits" : "done"]);
                double[] result = [.. (await process.LineAsync(Result))[Result.Length..].Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
                await process.ExitAsync();
                stock.Add(result[0]);
                added.Add(result[1]);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result[1]:+0.0;-0.0} ns to {result[0]:0} ns"));
            }

            var (median, from, to) = Median.Of(added);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(waits ? "An endpoint that waits" : "An endpoint that answers at once")}, {processes} processes: {median:0.0} ns (95 % confidence: {from:0.0} to {to:0.0}) added to {Median.Of(stock).Value:0} ns"));
        }
    }

    public static async Task RunOnceAsync(bool waits)
    {
        var path = new RequestPath { Waits = waits };
        await path.SetupAsync();
        // Until the compiler has nothing left to improve.
        for (int i = 0; i < 15; i++)
        {
            Measure(path.Stock, 5_000);
            Measure(path.Drained, 5_000);
            Thread.Sleep(100);
        }

        var pairs = new (double Stock, double Drained)[Pairs];
        for (int i = 0; i < pairs.Length; i++)
        {
            double first = Measure(i % 2 == 0 ? path.Stock : path.Drained, Slice), second = Measure(i % 2 == 0 ? path.Drained : path.Stock, Slice);
            pairs[i] = i % 2 == 0 ? (first, second) : (second, first);
        }

        // The quarter of them that the rest of the machine has disturbed least.
        var quiet = pairs.OrderBy(pair => pair.Stock + pair.Drained).Take(Pairs / 4).ToList();
        double stock = Median.Of(quiet.Select(pair => pair.Stock)).Value, added = Median.Of(quiet.Select(pair => pair.Drained - pair.Stock)).Value;
        Console.WriteLine(Result + string.Create(CultureInfo.InvariantCulture, $"{stock} {added}"));
        await path.CleanupAsync();
    }

    private static double Measure(Action request, int count)
    {
        long begun = Nanoseconds();
        for (int i = 0; i < count; i++) request();
        return (Nanoseconds() - begun) / (double)count;
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
