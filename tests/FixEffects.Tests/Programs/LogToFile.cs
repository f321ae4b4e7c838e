using Serilog;

var folder = Environment.GetEnvironmentVariable("Folder")!;
Log.Logger = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Console().WriteTo.File(Path.Combine(folder, "service.log"), buffered: true).CreateLogger();

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddSerilog();

var app = builder.Build();
app.MapReadiness();
app.Run();
