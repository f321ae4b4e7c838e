var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();

var app = builder.Build();
app.MapGet("/health/ready", () => Results.Ok());
app.Run();
