using BenchmarkDotNet.Running;
using ShutdownAnalyzers.Benchmarks;
using ShutdownAnalyzers.Benchmarks.DropTable;

switch (args)
{
    case ["cpu"]:
        await CpuTime.RunAsync(processes: 15);
        break;
    case ["cpu", var kind]:
        await CpuTime.RunOnceAsync(waits: kind == "waits");
        break;
    case ["manifests"]:
        await DeploymentFilesTime.RunAsync();
        break;
    case ["load"]:
        await LoadAndExit.MeasureLoadAsync(processes: 10, pairs: 60);
        break;
    case ["exit"]:
        await LoadAndExit.MeasureExitAsync(pairs: 15);
        break;
    case ["serve", var kind]:
        await LoadAndExit.ServeAsync(kind);
        break;
    case ["drops", .. var options]:
        return await DropTableCommand.RunAsync(options);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(RequestPath).Assembly).Run(args);
        break;
}

return 0;
