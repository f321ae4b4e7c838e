using BenchmarkDotNet.Running;
using ShutdownAnalyzers.Benchmarks;

if (args is ["cpu"]) CpuTime.Run();
else if (args is ["manifests"]) await DeploymentFilesTime.RunAsync();
else BenchmarkSwitcher.FromAssembly(typeof(RequestPath).Assembly).Run(args);
