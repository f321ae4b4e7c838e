using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Benchmarks;

/// <summary>The request path in the thread's own processor time, which a machine that has other things to do distorts far less than the clock on the wall. Linux.</summary>
internal static class CpuTime
{
    private const int ThreadCpuClock = 3;
    private const int Requests = 3_000_000;

    public static void Run()
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

        double[] added = new double[9];
        for (int i = 0; i < added.Length; i++)
        {
            double stock = Measure(path.Stock), drained = Measure(path.Drained);
            added[i] = drained - stock;
            Console.WriteLine($"stock {stock:0.0} ns, drained {drained:0.0} ns, added {added[i]:0.0} ns");
        }

        Array.Sort(added);
        Console.WriteLine($"Added per request: median {added[added.Length / 2]:0.0} ns, least {added[0]:0.0} ns");
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
