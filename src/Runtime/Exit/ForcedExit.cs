using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Runtime;

/// <summary>Ends the process although something hangs: first the orderly way, whose ProcessExit handlers may hang too, then by force.</summary>
internal static partial class ForcedExit
{
    private static readonly TimeSpan LastWordsTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan OrderlyExitTime = TimeSpan.FromSeconds(1);

    /// <summary>How long the process may outlive its hard deadline.</summary>
    public static TimeSpan Longest { get; } = LastWordsTime + OrderlyExitTime;

    private static int _entered;

    /// <summary>Does not return: speaks the last words, bounded in time, and ends the process with the code.</summary>
    public static void Run(int exitCode, Action lastWords)
    {
        if (Interlocked.Exchange(ref _entered, 1) != 0) return;
        RunBounded("Shutdown last words", lastWords, LastWordsTime);
        RunBounded("Shutdown exit", () => Environment.Exit(exitCode), OrderlyExitTime);
        Kill(exitCode);
    }

    private static void RunBounded(string name, Action action, TimeSpan time)
    {
        var thread = new Thread(() =>
        {
            // A logger that throws must not turn the exit into a crash with another code.
            try { action(); }
            catch (Exception) { }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.UnsafeStart();
        thread.Join(time);
    }

    private static void Kill(int exitCode)
    {
        try
        {
            if (OperatingSystem.IsWindows()) TerminateProcess(-1, (uint)exitCode);
            else ExitNow(exitCode);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // No such C library under that name: the kill below has no exit code of ours, but it ends the process.
        }

        Process.GetCurrentProcess().Kill();
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int exitCode);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint exitCode);
}
