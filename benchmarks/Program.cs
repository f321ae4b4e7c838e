using BenchmarkDotNet.Running;
using ShutdownAnalyzers.Benchmarks;

switch (args)
{
    case ["cpu"]:
        CpuTime.Run();
        break;
    case ["manifests"]:
        await DeploymentFilesTime.RunAsync();
        break;
    case ["load"]:
        await LoadAndExit.MeasureAsync();
        break;
    case ["serve", var kind]:
        await LoadAndExit.ServeAsync(drains: kind == "drain");
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(RequestPath).Assembly).Run(args);
        break;
}
