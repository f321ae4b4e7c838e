using System.Runtime.Loader;

namespace ShutdownAnalyzers.Facts.RawProcess;

/// <summary>Everything by which a program without a host might learn of its end.</summary>
internal static class Hooks
{
    public static void Print()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine("ProcessExit");
        AssemblyLoadContext.Default.Unloading += _ => Console.WriteLine("Unloading");
    }
}
