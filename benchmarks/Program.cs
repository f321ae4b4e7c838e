using BenchmarkDotNet.Running;
using ShutdownAnalyzers.Benchmarks;

if (args is ["cpu"]) CpuTime.Run();
else BenchmarkSwitcher.FromAssembly(typeof(RequestPath).Assembly).Run(args);
