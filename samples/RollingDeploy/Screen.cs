using System.Diagnostics;

namespace RollingDeploy;

/// <summary>What the user sees: numbered steps, indented lines below them, each with the time since the start.</summary>
internal static class Screen
{
    private static readonly long s_start = Stopwatch.GetTimestamp();
    private static int s_step;

    public static void Step(string title)
    {
        Console.WriteLine();
        Console.WriteLine($"[{Elapsed()}] {++s_step}. {title}");
    }

    public static void Line(string text) => Console.WriteLine("          " + text);

    public static void Progress(string text) => Console.WriteLine($"[{Elapsed()}]    {text}");

    private static string Elapsed() => Stopwatch.GetElapsedTime(s_start).ToString(@"mm\:ss");
}
